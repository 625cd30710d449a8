/** Graphs as ONNX protobuf messages: field numbers of `onnx.proto3`, opset 13, IR version 7. */
import { elementTypes, type Attribute, type Graph, type GraphNode, type Initializer, type Port } from "./graph.js";
import { MessageWriter } from "./wire.js";

/** Operator set that the graphs are written for: runtimes take it since early 2021. */
const operatorSet = 13;
const formatVersion = 7;

/** `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, int: 2, text: 3, ints: 7 } as const;

export interface ModelMessage {
  readonly graph: Graph;
  readonly producer: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** ModelProto. */
export function modelMessage(model: ModelMessage): MessageWriter {
  const message = new MessageWriter()
    .varint(1, formatVersion)
    .text(2, model.producer)
    .text(6, model.description)
    .message(7, graphMessage(model.graph))
    .message(8, new MessageWriter().text(1, "").varint(2, operatorSet));
  for (const [key, value] of Object.entries(model.metadata)) {
    message.message(14, new MessageWriter().text(1, key).text(2, value));
  }
  return message;
}

function graphMessage(graph: Graph): MessageWriter {
  const message = new MessageWriter();
  for (const node of graph.nodes) message.message(1, nodeMessage(node));
  message.text(2, graph.name);
  for (const initializer of graph.initializers) message.message(5, tensorMessage(initializer));
  for (const port of graph.inputs) message.message(11, portMessage(port));
  for (const port of graph.outputs) message.message(12, portMessage(port));
  for (const port of graph.declared) message.message(13, portMessage(port));
  return message;
}

function nodeMessage(node: GraphNode): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.name).text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message.message(5, attributeMessage(name, attribute));
  }
  return message;
}

function attributeMessage(name: string, attribute: Attribute): MessageWriter {
  const message = new MessageWriter().text(1, name);
  if ("float" in attribute) return message.float(2, attribute.float).varint(20, attributeTypes.float);
  if ("int" in attribute) return message.varint(3, attribute.int).varint(20, attributeTypes.int);
  if ("text" in attribute) return message.text(4, attribute.text).varint(20, attributeTypes.text);
  for (const value of attribute.ints) message.varint(8, value);
  return message.varint(20, attributeTypes.ints);
}

function tensorMessage(initializer: Initializer): MessageWriter {
  const message = new MessageWriter();
  for (const size of initializer.shape) message.varint(1, size);
  return message.varint(2, elementTypes[initializer.type]).text(8, initializer.name).bytes(9, initializer.data);
}

/** ValueInfoProto of a tensor whose shape may have sizes known by name only. */
function portMessage(port: Port): MessageWriter {
  const shape = new MessageWriter();
  for (const size of port.shape) {
    const dimension = new MessageWriter();
    shape.message(1, typeof size === "number" ? dimension.varint(1, size) : dimension.text(2, size));
  }
  const tensor = new MessageWriter().varint(1, elementTypes[port.type]).message(2, shape);
  return new MessageWriter().text(1, port.name).message(2, new MessageWriter().message(1, tensor));
}
