"""One peer in a fresh process: `peer_once.py DECODER FILE OPTIONS` decodes and prints its peak memory."""

import json
import resource
import sys

from peer_decoders import DECODERS



def peak_bytes():
    """On Linux ru_maxrss begins with what the process that started this one had; VmHWM does not."""
    try:
        with open("/proc/self/status") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


decoder, file, options = sys.argv[1:4]
samples, _ = DECODERS[decoder](file, **json.loads(options))
print(json.dumps({"peakBytes": peak_bytes(), "outputBytes": samples.nbytes}))
