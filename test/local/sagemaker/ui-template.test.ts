import { DescribeWorkteamCommand, ListWorkteamsCommand, RenderUiTemplateCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.end());

const render = async (Content: string, input: unknown) =>
  backend.sagemaker.send(
    new RenderUiTemplateCommand({
      UiTemplate: { Content },
      Task: { Input: JSON.stringify(input) },
      RoleArn: "arn:aws:iam::123456789012:role/Test",
    }),
  );

it("renders the outputs and filters of a segmentation template, escaped", async () => {
  const { RenderedContent, Errors } = await render(
    '<crowd-form><x src="{{ task.input.taskObject | grant_read_access }}" labels="{{ task.input.labels | to_json | escape }}"></x></crowd-form>',
    { taskObject: "s3://b/a b.jpg", labels: ['say "hi"', "<b>"] },
  );
  expect(Errors).toEqual([]);
  expect(RenderedContent).toContain('src="https://s3.us-east-1.amazonaws.com/b/a b.jpg"');
  expect(RenderedContent).toContain("[&#34;say \\&#34;hi\\&#34;&#34;,&#34;&#60;b&#62;&#34;]");
});

it("loops, decides and finds keys with hyphens", async () => {
  const { RenderedContent } = await render(
    "<crowd-form>{% for c in task.input.map %}{% if c[1].name != 'BACKGROUND' %}{{ c[0] }}={{ c[1].name }};{% else %}-{% endif %}{% endfor %}{{ task.input['a-ref'] }}</crowd-form>",
    { map: { "0": { name: "BACKGROUND" }, "1": { name: "cat" } }, "a-ref": "x" },
  );
  expect(RenderedContent).toBe("<crowd-form>-1=cat;x</crowd-form>");
});

it("reports mistakes and takes nothing from prototypes", async () => {
  const { RenderedContent, Errors } = await render("{% if a %}{{ task.constructor.name | shout }}", {});
  expect(RenderedContent).toBe("");
  expect(Errors?.map((error) => error.Code)).toContain("MissingCrowdForm");
});

it("lists the private teams by pages", async () => {
  const first = await backend.sagemaker.send(new ListWorkteamsCommand({ MaxResults: 1 }));
  expect(first.Workteams).toHaveLength(1);
  const second = await backend.sagemaker.send(new ListWorkteamsCommand({ MaxResults: 1, NextToken: first.NextToken }));
  expect([first.Workteams![0]!.WorkteamName, second.Workteams![0]!.WorkteamName]).toEqual(["annotators", "painters"]);
  const { Workteam } = await backend.sagemaker.send(new DescribeWorkteamCommand({ WorkteamName: "painters" }));
  expect(Workteam?.WorkteamArn).toBe("arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters");
});

it("stays quick for templates made to take long, and says that it left something out", async () => {
  const loops = `${"{% for a in task.input.list %}".repeat(6)}${"{% endfor %}".repeat(6)}`;
  const filters = `{{ task.input.text${" | to_json".repeat(60)} }}`;
  const input = { list: Array.from({ length: 1000 }, () => 0), text: '"' };
  for (const template of [loops, filters, "{{".repeat(60_000) + "%}", "{% for %}".repeat(10_000)]) {
    const began = performance.now();
    const { Errors } = await render(template, input);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(Errors?.length).toBeGreaterThan(0);
    expect(Errors?.length).toBeLessThan(200);
  }
}, 60_000);
