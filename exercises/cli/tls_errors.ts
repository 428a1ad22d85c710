/** What Deno says of the files of a server. */
const BAD_PEM = /KeyMismatch|parse private key|Unable to (decode|add pem)/;

/** The rows of the error table that are about TLS. */
export const TLS_ROWS = [
  {
    errors: ["TLS_UNKNOWN_AUTHORITY"],
    what: "Nobody here trusts who signed the certificate of {there}",
    next: "if the authority is your own, name its file: --ca ca.pem",
  },
  {
    errors: ["TLS_WRONG_NAME"],
    what: "{there} could not prove its name ({inside})",
    next: "use a name that is in the certificate, or have one made for this " +
      "name (tcplab certificate)",
  },
  {
    errors: ["TLS_EXPIRED"],
    what: "The certificate of {there} has expired",
    next: "the server needs a new one; check this machine's clock, too",
  },
  {
    errors: ["TLS_NOT_YET_VALID"],
    what: "The certificate of {there} is not valid yet",
    next: "check the clocks of this machine and of the one that made it",
  },
  {
    errors: ["TLS_BAD_CERTIFICATE"],
    what: "{there} showed a certificate that proves nothing ({reason})",
    next: "see which file the server has for its --cert",
  },
  {
    errors: ["TLS_PLAIN_PEER"],
    what: "{there} does not speak TLS",
    next: "leave --tls out, or check the port",
  },
  {
    errors: ["TLS_REFUSED"],
    what: "{there} refused the TLS connection ({inside})",
    next: "it may want another version of TLS; look at its log",
  },
  {
    errors: ["TLS_UNFINISHED"],
    what: "{there} ended in the middle of the TLS handshake",
    next: "it may not speak TLS, or something between cut the connection",
  },
  {
    errors: ["TLS_TRUNCATED"],
    what: "The connection to {there} was cut: it ended without close_notify",
    next: "what came may not be all of it, so do not rely on it; try again",
  },
  {
    errors: [BAD_PEM],
    what: "TLS cannot use a file it was given ({message})",
    next: "a certificate and its own key are wanted, as tcplab certificate " +
      "writes them",
  },
  {
    errors: ["TLS_BROKEN"],
    what: "TLS with {there} failed ({reason})",
    next: "bytes were damaged on the way, or the peer's TLS is another one",
  },
];
