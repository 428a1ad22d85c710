/** A program that takes its time to stop: until a byte comes on stdin. */
import { runMain } from "../../exercises/cli/run.ts";
import { FakeTime } from "./fake_time.ts";

// Time stands still: two signals come at one moment, and stopping never lasts.
new FakeTime();

await runMain(async (_args, { signal }) => {
  signal.addEventListener("abort", () => console.log("stopping"));
  console.log("started");
  await Deno.stdin.read(new Uint8Array(1));
  return 0;
});
