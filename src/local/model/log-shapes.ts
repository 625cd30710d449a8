import { serviceModel } from "./service-model.js";
import type { ServiceModel } from "./shapes.js";

const logs = serviceModel["logs"]!;

/** CloudWatch Logs with the operations that the generated model lacks (shapes of botocore, see NOTICE). */
export const logsModel: ServiceModel = {
  operations: {
    ...logs.operations,
    DescribeLogGroups: "DescribeLogGroupsRequest",
    CreateLogGroup: "CreateLogGroupRequest",
    CreateLogStream: "CreateLogStreamRequest",
    PutLogEvents: "PutLogEventsRequest",
  },
  shapes: {
    ...logs.shapes,
    DescribeLogGroupsRequest: {
      type: "structure",
      members: { logGroupNamePrefix: "LogGroupName", nextToken: "NextToken", limit: "DescribeLimit" },
    },
    CreateLogGroupRequest: {
      type: "structure",
      members: { logGroupName: "LogGroupName" },
      required: ["logGroupName"],
    },
    CreateLogStreamRequest: {
      type: "structure",
      members: { logGroupName: "LogGroupName", logStreamName: "LogStreamName" },
      required: ["logGroupName", "logStreamName"],
    },
    PutLogEventsRequest: {
      type: "structure",
      members: { logGroupName: "LogGroupName", logStreamName: "LogStreamName", logEvents: "InputLogEvents" },
      required: ["logGroupName", "logStreamName", "logEvents"],
    },
    InputLogEvents: { type: "list", member: "InputLogEvent", min: 1, max: 10_000 },
    InputLogEvent: {
      type: "structure",
      members: { timestamp: "Timestamp", message: "EventMessage" },
      required: ["timestamp", "message"],
    },
    EventMessage: { type: "string", min: 1 },
  },
};
