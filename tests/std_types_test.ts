/** std.d.ts declares what npm:deno-std has no types for: here it is for real. */
import { assertEquals } from "@std/assert";
import { ROOT } from "./support/script.ts";

/** The modules that std.d.ts declares, each with the names it declares. */
async function declared(): Promise<Map<string, string[]>> {
  const source = await Deno.readTextFile(new URL("std.d.ts", ROOT));
  const modules = new Map<string, string[]>();
  for (
    const [, name, body] of source.matchAll(/module "(.+?)" \{([^]*?)\n\}/g)
  ) {
    const names = [...body!.matchAll(/export (?:function|class) (\w+)/g)];
    modules.set(name!, names.map(([, name]) => name!));
  }
  return modules;
}

Deno.test("every name in std.d.ts is in the module that it is declared for", async () => {
  const modules = await declared();
  for (const [specifier, names] of modules) {
    const module = await import(specifier) as Record<string, unknown>;
    for (const name of names) {
      assertEquals(typeof module[name], "function", `${specifier} ${name}`);
    }
  }
});

Deno.test("std.d.ts and deno.json name the same modules", async () => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  const { imports } = JSON.parse(text) as { imports: Record<string, string> };
  assertEquals(
    [...(await declared()).keys()].sort(),
    Object.keys(imports).filter((name) => name.startsWith("@std/")).sort(),
  );
});
