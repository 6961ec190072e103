"""Runs a case in the CPython of its virtual environment: `run_in_cpython.py case.py '{"origin": …}'`."""

import asyncio
import importlib.util
import json
import sys

path, payload = sys.argv[1:]
# The folder of this file, in which the names of cases are those of packages, is searched first otherwise.
sys.path.pop(0)
spec = importlib.util.spec_from_file_location("workflow", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(json.dumps(asyncio.run(module.run(None, json.loads(payload)))))
