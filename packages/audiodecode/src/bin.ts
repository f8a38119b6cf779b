#!/usr/bin/env node
import { main } from '@audiodecode/cli'

void main()
