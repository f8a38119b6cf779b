// What an application pays for importing AudioDecode, before it decodes anything.
import '@audiodecode/core'
import '@audiodecode/backend-rust'
