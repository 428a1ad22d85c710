import { MAX_NAME_BYTES } from "../../protocol/file_name.ts";

/**
 * `<target>.part`, with a part of the name only where a file system would not
 * take all of it. Never the target itself.
 */
export function partPath(target: string): string {
  const [, folder = "", name = ""] = /^(.*?)([^/\\]*)$/s.exec(target) ?? [];
  let kept = name;
  while (
    byteLength(`${kept}.part`) > MAX_NAME_BYTES || `${kept}.part` === name
  ) {
    kept = [...kept].slice(0, -1).join("");
  }
  return `${folder}${kept}.part`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
