/** What a module says to the compiler, not what its text looks like. */
import { ROOT } from "./script.ts";

export interface Import {
  /** As it is written: `./a.ts`, `@std/fmt/bytes`, `node:fs`. */
  source: string;
  /** The path from ROOT, of a relative one. */
  path: string | null;
  /** Erased before the program runs. */
  typeOnly: boolean;
  /** Only when it is needed: `import()`, `new URL()`. */
  lazy: boolean;
  names: string[];
}

export interface Syntax {
  imports: Import[];
  /** The callee of each call and the line that it stands in, from 1 up. */
  calls: { callee: string; line: number; awaited: boolean }[];
  /** Every `Deno.connect`, `console.error`: both names, and the line. */
  members: { object: string; property: string; line: number }[];
  /** The last line of the comment that the file begins with. */
  headerEnd: number;
}

/** Reads the module `file`, a path from ROOT. */
export async function readSyntax(file: string): Promise<Syntax> {
  const source = await Deno.readTextFile(new URL(file, ROOT));
  return parse(file, source);
}

export function parse(file: string, source: string): Syntax {
  const header = /^\/\*\*[^]*?\*\/\n/.exec(source)?.[0] ?? "";
  const syntax: Syntax = {
    imports: [],
    calls: [],
    members: [],
    headerEnd: header.split("\n").length - 1,
  };
  const lineOf = ({ range }: { range: [number, number] }) =>
    source.slice(0, range[0]).split("\n").length;
  const add = (
    source: string,
    { typeOnly = false, lazy = false, names = [] as string[] },
  ) => {
    const path = source.startsWith(".")
      ? new URL(source, new URL(file, ROOT)).href.slice(ROOT.href.length)
      : null;
    syntax.imports.push({ source, path, typeOnly, lazy, names });
  };
  const visitor: Deno.lint.LintVisitor = {
    ImportDeclaration({ source, importKind, specifiers }) {
      const named = specifiers.filter((part) =>
        part.type === "ImportSpecifier"
      );
      const types = named.length === specifiers.length && named.length > 0 &&
        named.every((part) => part.importKind === "type");
      add(source.value, {
        typeOnly: importKind === "type" || types,
        names: specifiers.map(({ local }) => local.name),
      });
    },
    ExportNamedDeclaration({ source, exportKind }) {
      if (source) add(source.value, { typeOnly: exportKind === "type" });
    },
    ExportAllDeclaration({ source }) {
      add(source.value, {});
    },
    ImportExpression({ source }) {
      if (source.type === "Literal") add(`${source.value}`, { lazy: true });
    },
    NewExpression({ callee, arguments: [first] }) {
      if (callee.type !== "Identifier" || callee.name !== "URL") return;
      if (first?.type === "Literal" && `${first.value}`.endsWith(".ts")) {
        add(`${first.value}`, { lazy: true });
      }
    },
    CallExpression(node) {
      const { callee } = node;
      if (callee.type !== "Identifier") return;
      const awaited = node.parent.type === "AwaitExpression";
      syntax.calls.push({ callee: callee.name, line: lineOf(node), awaited });
    },
    MemberExpression(node) {
      const { object, property } = node;
      if (object.type !== "Identifier") return;
      if (property.type !== "Identifier") return;
      const names = { object: object.name, property: property.name };
      syntax.members.push({ ...names, line: lineOf(node) });
    },
  };
  const rules = { read: { create: () => visitor } };
  Deno.lint.runPlugin({ name: "syntax", rules }, file, source);
  return syntax;
}

/** Every script of a folder and of those in it, as paths from ROOT. */
export function listScripts(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return listScripts(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}
