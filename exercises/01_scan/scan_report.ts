import { counted, jsonLine, roundMs } from "../../protocol/text.ts";
import { formatHost } from "../../protocol/transport/mod.ts";
import { printLine, printNote, Progress, streamLine } from "../cli/mod.ts";
import { isSilence, type PortResult } from "./port_state.ts";

export interface ScanSubject {
  host: string;
  address: string;
  /** How many ports are asked for. */
  wanted: number;
  /** Closed and filtered ports are listed too. */
  all: boolean;
  json: boolean;
}

/**
 * What a person sees of a scan. On a terminal the open ports appear as they are
 * found, above the progress line; else all that is listed comes at the end, in
 * order.
 */
export class ScanReport {
  readonly #subject: ScanSubject;
  readonly #progress: Progress;
  readonly #live: boolean;
  readonly #startMs = performance.now();
  readonly #results: PortResult[] = [];

  constructor(subject: ScanSubject) {
    this.#subject = subject;
    this.#progress = new Progress("Scanning", subject.wanted);
    this.#live = Deno.stdout.isTerminal() && !subject.all;
  }

  readonly add = (result: PortResult): void => {
    this.#results.push(result);
    if (this.#live && result.state === "open") {
      this.#progress.clear();
      printLine(formatResult(this.#subject, result));
    }
    this.#progress.update(this.#results.length);
  };

  /** Also of a scan that failed: what is known by then. */
  async end(): Promise<void> {
    this.#progress.clear();
    const { all } = this.#subject;
    const lines = this.#results.sort((a, b) => a.port - b.port)
      .filter(({ state }) => !this.#live && (all || state === "open"))
      .map((result) => formatResult(this.#subject, result));
    if (lines.length > 0) await streamLine(lines.join("\n"));
    const elapsedMs = performance.now() - this.#startMs;
    printNote(formatSummary(this.#subject, this.#results, elapsedMs));
  }
}

/** `8000  open      0.1 ms  registered as irdmi`, or the line for `--json`. */
export function formatResult(
  { host, address, json }: ScanSubject,
  result: PortResult,
): string {
  const { port, state, reason } = result;
  const service = serviceName(port);
  if (json) {
    const rttMs = result.rttMs && roundMs(result.rttMs);
    return jsonLine({ host, address, port, state, reason, rttMs, service });
  }
  return [
    String(port).padStart(5),
    state.padEnd(8),
    result.rttMs === undefined ? reason : `${result.rttMs.toFixed(1)} ms`,
    ...service ? [`registered as ${service}`] : [],
  ].join("  ");
}

/**
 * `localhost (127.0.0.1): 2 open, 1022 closed, 0 filtered in 0.1 s`; behind the
 * filtered ones why, where it was not silence.
 */
export function formatSummary(
  { host, address, wanted }: ScanSubject,
  results: readonly PortResult[],
  elapsedMs: number,
): string {
  const name = host === address ? formatHost(host) : `${host} (${address})`;
  const count = (state: PortResult["state"]) =>
    results.filter((result) => result.state === state).length;
  const reasons = new Set(
    results.filter((result) => result.state === "filtered")
      .filter((result) => !isSilence(result)).map(({ reason }) => reason),
  );
  const why = reasons.size > 0 ? ` (${[...reasons].join(", ")})` : "";
  const seconds = (elapsedMs / 1000).toFixed(1);
  const missing = wanted - results.length;
  return `${name}: ${count("open")} open, ${count("closed")} closed, ` +
    `${count("filtered")} filtered${why} in ${seconds} s` +
    (missing > 0 ? `; stopped with ${counted(missing, "port")} not tried` : "");
}

/**
 * TCP service names that IANA registers (RFC 6335), for the ports that one
 * meets. A registration says what should answer on a port, not what does.
 */
const REGISTERED = `
1 tcpmux 5 rje 7 echo 9 discard 11 systat 13 daytime 17 qotd 18 msp 19 chargen
20 ftp-data 21 ftp 22 ssh 23 telnet 25 smtp 37 time 42 nameserver 43 nicname
49 tacacs 53 domain 70 gopher 79 finger 80 http 88 kerberos 102 iso-tsap
104 acr-nema 109 pop2 110 pop3 111 sunrpc 113 ident 115 sftp 119 nntp 123 ntp
135 epmap 137 netbios-ns 138 netbios-dgm 139 netbios-ssn 143 imap 161 snmp
162 snmptrap 163 cmip-man 164 cmip-agent 174 mailq 177 xdmcp 178 nextstep
179 bgp 194 irc 199 smux 209 qmtp 210 z39-50 213 ipx 220 imap3 370 codaauth2
371 clearcase 389 ldap 427 svrloc 443 https 444 snpp 445 microsoft-ds
464 kpasswd 465 submissions 487 saft 500 isakmp 512 exec 513 login 514 shell
515 printer 532 netnews 540 uucp 543 klogin 544 kshell 546 dhcpv6-client
547 dhcpv6-server 548 afpovertcp 554 rtsp 563 nntps 587 submission 593
http-rpc-epmap 607 nqs 623 oob-ws-http 628 qmqp 631 ipp 636 ldaps 646 ldp
655 tinc 706 silc 749 kerberos-adm 750 kerberos-iv 751 pump 754 tell
830 netconf-ssh 853 domain-s 860 iscsi 873 rsync 902 ideafarm-door
989 ftps-data 990 ftps 992 telnets 993 imaps 995 pop3s 1080 socks 1093 proofd
1094 rootd 1099 rmiregistry 1194 openvpn 1214 kazaa 1311 rxmon 1352 lotusnote
1414 ibm-mqseries 1433 ms-sql-s 1434 ms-sql-m 1521 ncube-lm 1524 ingreslock
1645 sightline 1701 l2tp 1719 h323gatestat 1720 h323hostcall 1723 pptp
1812 radius 1813 radius-acct 1883 mqtt 1900 ssdp 2000 cisco-sccp 2049 nfs
2086 gnunet 2101 rtcm-sc104 2119 gsigatekeeper 2181 eforward 2375 docker
2376 docker-s 2379 etcd-client 2380 etcd-server 2401 cvspserver
2628 dict 3000 hbci 3050 gds-db 3128 ndl-aas 3205 isns 3260 iscsi-target
3268 msft-gc 3269 msft-gc-ssl 3306 mysql 3389 ms-wbt-server 3478 stun
3632 distcc 3689 daap 3690 svn 4190 sieve 4369 epmd 4444 krb524 4500
ipsec-nat-t 4569 iax 4662 oms 5000 commplex-main 5001 commplex-link
5060 sip 5061 sips 5190 aol 5222 xmpp-client 5269 xmpp-server 5308 cfengine
5353 mdns 5355 llmnr 5357 wsdapi 5432 postgresql 5556 freeciv 5671 amqps
5672 amqp 5683 coap 5900 rfb 5984 couchdb 5985 wsman 5986 wsmans 6000 x11
6379 redis 6443 sun-sr-https 6513 netconf-tls 6514 syslog-tls 6566 sane-port
6697 ircs-u 7000 afs3-fileserver 7001 afs3-callback 7474 neo4j 8000 irdmi
8008 http-alt 8080 http-alt 8081 sunproxyadmin 8086 d-s-n 8140 puppet
8443 pcsync-https 8554 rtsp-alt 8883 secure-mqtt 8888 ddi-tcp-1 9000
cslistener 9001 etlservicemgr 9090 websm 9100 pdl-datastream
9101 bacula-dir 9102 bacula-fd 9103 bacula-sd 9418 git 9667 xmms2 10050
zabbix-agent 10051 zabbix-trapper 10080 amanda 11112 dicom 11371 hkp
17500 db-lsp 19150 gkrellm 22125 dcap 33434 traceroute
`;

const NAMES = new Map(
  [...REGISTERED.matchAll(/(\d+)\s+(\S+)/g)]
    .map(([, port, name]) => [Number(port), name]),
);

/** The name that IANA registers for TCP port `port`, if it has one here. */
export function serviceName(port: number): string | undefined {
  return NAMES.get(port);
}
