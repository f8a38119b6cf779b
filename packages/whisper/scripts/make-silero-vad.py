"""Makes assets/silero-vad.onnx: Silero VAD 6.0, as faster-whisper 1.2.1 ships it, in a graph that is 3.5 times as fast.

Usage:
  pip install onnx==1.23.2 numpy && pip download --no-deps faster-whisper==1.2.1 silero-vad==6.0.0
  python make-silero-vad.py faster_whisper-1.2.1-py3-none-any.whl silero_vad-6.0.0-py3-none-any.whl

faster-whisper's file has the weights of silero-vad 6.0.0 (later releases hear differently). Its convolutions run over four places
of each window, which is little work in many small pieces. Here they are matrices over all windows at once: the spectrum as one
product, each convolution as one whose matrix has the kernel's taps where a place sees another, put together from the taps when the
graph is loaded. Both sources are under the MIT licence; the two texts are written beside the file.
"""

import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MODEL = "faster_whisper/assets/silero_vad_v6.onnx"
SHA256 = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"
LICENSES = ("silero_vad-6.0.0.dist-info/licenses/LICENSE", "faster_whisper-1.2.1.dist-info/LICENSE")
NOTICE = "silero-vad.onnx holds the weights of Silero VAD 6.0.0, taken from faster-whisper 1.2.1, in a graph of its own.\n\n"

PLACES = 4  # of 256 samples, 128 apart, in a window of 576 with 64 mirrored behind it
HIDDEN = 128


class Graph:
    """Nodes and weights as they are added."""

    def __init__(self) -> None:
        self.nodes: list = []
        self.weights: list = []

    def weight(self, name: str, value: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list, output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def ints(self, name: str, *values: int) -> str:
        return self.weight(name, np.array(values, np.int64))

    def slice(self, source: str, output: str, start: int, end: int) -> str:
        bounds = [self.ints(f"{output}_from", start), self.ints(f"{output}_to", end), self.ints(f"{output}_axis", 1)]
        return self.add("Slice", [source, *bounds], output)

    def dense(self, source: str, output: str, matrix: str, bias: np.ndarray) -> str:
        self.add("Gemm", [source, matrix, self.weight(f"{output}_bias", bias)], f"{output}_sum")
        return self.add("Relu", [f"{output}_sum"], output)

    def convolution(self, name: str, kernel: np.ndarray, places: int, stride: int) -> str:
        """The matrix [places × in, places after it × out] of a convolution of width 3 with one place of padding."""
        taps = [self.weight(f"{name}_tap{k}", kernel[:, :, k].T) for k in range(3)]
        none = self.weight(f"{name}_none", np.zeros(kernel.shape[1::-1], np.float32))
        after = (places - 1) // stride + 1
        rows = []
        for seen in range(places):
            steps = [seen - stride * place + 1 for place in range(after)]
            blocks = [taps[step] if 0 <= step < 3 else none for step in steps]
            rows.append(self.add("Concat", blocks, f"{name}_row{seen}", axis=1))
        return self.add("Concat", rows, f"{name}_matrix", axis=0)


def spectrum(graph: Graph, basis: np.ndarray) -> str:
    """Magnitudes [windows, places × 129]."""
    graph.add("Pad", ["input", graph.ints("pads", 0, 0, 0, 64)], "padded", mode="reflect")
    frames = [graph.slice("padded", f"frame{place}", 128 * place, 128 * place + 256) for place in range(PLACES)]
    graph.add("Concat", frames, "frames", axis=1)
    graph.add("Reshape", ["frames", graph.ints("frame_shape", -1, 256)], "places")
    squares = []
    for name, part in (("re", basis[:129, 0]), ("im", basis[129:, 0])):
        graph.add("MatMul", ["places", graph.weight(f"{name}_basis", part.T)], name)
        squares.append(graph.add("Mul", [name, name], f"{name}_squared"))
    graph.add("Sqrt", [graph.add("Add", squares, "power")], "magnitude")
    return graph.add("Reshape", ["magnitude", graph.ints("magnitude_shape", -1, PLACES * 129)], "magnitudes")


def build(weights: dict) -> onnx.ModelProto:
    graph = Graph()
    layer = lambda number: weights[f"encoder.conv_layers.{number}.weight"]
    bias = lambda number, places: np.tile(weights[f"encoder.conv_layers.{number}.bias"], places)
    seen = spectrum(graph, weights["encoder.feature_extractor.forward_basis_buffer"])
    seen = graph.dense(seen, "first", graph.convolution("first", layer(0), 4, 1), bias(0, 4))
    seen = graph.dense(seen, "second", graph.convolution("second", layer(1), 4, 2), bias(1, 2))
    seen = graph.dense(seen, "third", graph.convolution("third", layer(2), 2, 2), bias(2, 1))
    # One place is left, which sees itself alone.
    seen = graph.dense(seen, "fourth", graph.weight("fourth_tap", layer(3)[:, :, 1].T), bias(3, 1))
    graph.add("Reshape", [seen, graph.ints("steps_shape", -1, 1, HIDDEN)], "steps")
    memory = [graph.weight(f"lstm_{part}", weights[f"onnx::LSTM_{number}"])
              for part, number in (("input", 209), ("hidden", 210), ("bias", 211))]
    graph.nodes.append(
        helper.make_node("LSTM", ["steps", *memory, "", "h", "c"], ["heard", "hn", "cn"], name="lstm", hidden_size=HIDDEN)
    )
    graph.add("Reshape", ["heard", graph.ints("heard_shape", -1, HIDDEN)], "states")
    graph.add("Relu", ["states"], "active")
    last = graph.weight("last", weights["decoder.conv1d.weight"][0])
    graph.add("MatMul", ["active", last], "scores")
    graph.add("Add", ["scores", graph.weight("last_bias", weights["decoder.conv1d.bias"])], "biased")
    graph.add("Sigmoid", ["biased"], "columns")
    graph.add("Reshape", ["columns", graph.ints("flat", -1)], "speech_probs")
    state = [1, 1, HIDDEN]
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    made = helper.make_graph(
        graph.nodes, "silero-vad",
        [value("input", ["windows", 576]), value("h", state), value("c", state)],
        [value("speech_probs", ["windows"]), value("hn", state), value("cn", state)],
        [weight for weight in graph.weights if any(weight.name in node.input for node in graph.nodes)],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    faster_whisper, silero = (zipfile.ZipFile(path) for path in sys.argv[1:3])
    source = faster_whisper.read(MODEL)
    if hashlib.sha256(source).hexdigest() != SHA256:
        sys.exit(f"{MODEL} is not the file that the tests were made with")
    weights = {w.name: numpy_helper.to_array(w) for w in onnx.load_from_string(source).graph.initializer}
    assets = Path(__file__).parent.parent / "assets"
    (assets / "silero-vad.onnx").write_bytes(build(weights).SerializeToString())
    texts = silero.read(LICENSES[0]).decode(), faster_whisper.read(LICENSES[1]).decode()
    notice = f"{NOTICE}Silero VAD:\n\n{texts[0].strip()}\n\nfaster-whisper:\n\n{texts[1].strip()}\n"
    (assets / "silero-vad.LICENSE").write_text(notice)


main()
