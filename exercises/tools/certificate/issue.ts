import "reflect-metadata"; // The next one needs it, and does not bring it.
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { isLiteralAddress } from "../../../protocol/transport/address.ts";

/** Small, fast, and known to every TLS 1.2. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** From when and until when a certificate counts. */
export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

/** From yesterday: clocks differ. With 0 days it has expired. */
export function validFor(days: number): Validity {
  const now = Date.now();
  return {
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + days * DAY_MS - HOUR_MS),
  };
}

/** A certificate and the key to it, as PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/** Signs certificates: whoever trusts `cert` believes all of them. */
export interface Authority extends Identity {
  /** A certificate for a server that is reached as one of `names`. */
  issue(names: readonly string[], validity?: Validity): Promise<Identity>;
}

/** A new authority (RFC 5280), which nobody trusts until told to. */
export async function createAuthority(): Promise<Authority> {
  const keys = await newKeys();
  const subject = "CN=tcplab authority";
  const isAuthority = [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
  ];
  const sign = (name: string, owner: CryptoKeyPair, extensions: Extension[]) =>
    identity(name, owner, { issuer: subject, keys, extensions });
  return {
    ...await sign(subject, keys, isAuthority),
    issue: async (names, validity = validFor(365)) => {
      const owner = await newKeys();
      return await identity(`CN=${names[0]}`, owner, {
        issuer: subject,
        keys,
        validity,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension(names.map((value) => ({
            type: isLiteralAddress(value) ? "ip" as const : "dns" as const,
            value,
          }))),
        ],
      });
    },
  };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** What `subject` gets from the `issuer`, whose `keys` sign it. */
async function identity(
  subject: string,
  owner: CryptoKeyPair,
  { issuer, keys, extensions, validity = validFor(365) }: {
    issuer: string;
    keys: CryptoKeyPair;
    extensions: Extension[];
    validity?: Validity;
  },
): Promise<Identity> {
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: serialNumber(),
    subject,
    issuer,
    signingAlgorithm: ALGORITHM,
    publicKey: owner.publicKey,
    signingKey: keys.privateKey,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(owner.publicKey),
      await AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", owner.privateKey);
  return {
    cert: `${certificate.toString("pem")}\n`,
    key: `${PemConverter.encode(key, "PRIVATE KEY")}\n`,
  };
}

/** Positive and at random, as clients expect of one authority's. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = bytes[0]! & 0x7f | 0x40;
  return bytes.toHex?.() ??
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
