"""One peer in a fresh process: `peer_once.py DECODER FILE OPTIONS` decodes and prints its peak memory."""

import json
import resource
import sys

from peer_decoders import DECODERS

decoder, file, options = sys.argv[1:4]
samples, _ = DECODERS[decoder](file, **json.loads(options))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"peakBytes": peak, "outputBytes": samples.nbytes}))
