/** What a program shows that speaks TLS, and who signed it. */
export interface Certificates {
  /** Paths: `{cert}` and `{key}` of its command. */
  cert: string;
  key: string;
  /** As PEM. */
  authority: string;
}

/** The placeholders of a program that speaks TLS. */
export function asksForCertificates(words: readonly string[]): boolean {
  return ["{cert}", "{key}"].every((name) =>
    words.some((word) => word.includes(name))
  );
}

/** New ones, written to `dir`. */
export async function certificatesIn(dir: string): Promise<Certificates> {
  // Its packages take their time, and few programs need them.
  const { createCertificates } = await import("../certificate.ts");
  await Array.fromAsync(createCertificates(dir));
  return {
    cert: `${dir}/cert.pem`,
    key: `${dir}/key.pem`,
    authority: await Deno.readTextFile(`${dir}/ca.pem`),
  };
}
