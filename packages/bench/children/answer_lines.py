"""Answers a command in JSON on each line of the input with a line in JSON, as src/engines/python.ts speaks."""

import json
import sys
import traceback


def answer_lines(operations):
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"ok": True, "value": operations[command.pop("op")](**command)}
        except Exception:
            answer = {"ok": False, "error": traceback.format_exc()}
        # numpy's numbers are no JSON.
        print(json.dumps(answer, default=float), flush=True)
