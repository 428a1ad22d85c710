import type { Hint } from "./words.ts";

/** The hints in English. */
export const hintsEn = {
  "one-read": {
    what:
      "It takes what one read gives for the whole message, or stops after the first one.",
    why:
      "TCP carries a stream of bytes, not messages: what was sent in one write can arrive in several reads.",
    mend:
      "Read in a loop, until the line end, the announced size or the end of the connection has come.",
  },
  "read-is-message": {
    what: "It handles each read as a message of its own.",
    why:
      "A line that arrives in two reads becomes two messages, and two lines in one read become one.",
    mend:
      "Collect what arrives in a buffer, take whole lines out of it, and keep the rest for the next read.",
  },
  "loses-glued": {
    what: "It loses what follows the first line in the same read.",
    why:
      "Two commands can arrive together. The rest of the read is thrown away, or stays in a reader that is made anew for each line.",
    mend: "Keep one buffer, or one reader, for the life of the connection.",
  },
  "loses-buffered-body": {
    what: "It loses the bytes of the file that came together with the header.",
    why:
      "The reader of lines has read further than the line, and the file is then read from the socket, past what that reader holds.",
    mend: "Read the header and the file through the same buffer.",
  },
  "decodes-text": {
    what: "It decodes pieces of bytes as text.",
    why:
      "A character such as ñ has two bytes, and they can arrive in two reads. Each half alone is no character, and bytes from 80 on need not be text at all.",
    mend:
      "Work with bytes, and decode only whole lines that are meant to be text.",
  },
  "waits-for-newline": {
    what: "It waits for a line end before it answers.",
    why:
      "An echo server knows no lines: bytes without a line end must come back, too, and at once.",
    mend: "Read bytes, not lines, and send back what each read gives.",
  },
  "changes-line-end": {
    what: "It adds, removes or converts line ends.",
    why:
      "Functions for lines do this unasked: they strip CR LF, or write LF, or the system's own line end, in its place.",
    mend:
      "Send exactly the bytes that the protocol asks for, and open files and streams in binary.",
  },
  "stops-at-nul": {
    what: "It stops at the byte 00.",
    why:
      "Functions for C strings take 00 for the end of the text, but on the wire it is a byte like any other.",
    mend:
      "Use the number of bytes that the read returned, not the length of a string.",
  },
  "sends-whole-buffer": {
    what: "It sends the whole buffer, not only what was read into it.",
    why: "After a short message come bytes of an earlier one, or zeros.",
    mend: "Send only as many bytes as the read returned.",
  },
  "waits-for-end": {
    what: "It answers only after the client has ended its side (FIN).",
    why:
      "It reads until the end of input first, and a client that waits for the answer before it ends waits for ever.",
    mend: "Answer each read as it comes, and end when the input ends.",
  },
  "ignores-end": {
    what: "It does not notice the end of input.",
    why:
      "After FIN a read gives zero bytes, at once and every time. Whoever does not look for that loops for ever, or never closes.",
    mend:
      "When a read returns zero bytes (or null), leave the loop and close the connection.",
  },
  "drops-rest-at-end": {
    what:
      "It closes at the client's FIN though not everything has been sent back.",
    why:
      "FIN ends one direction only: the client can still read, and is waiting for the rest.",
    mend: "Close only after the last byte has been written.",
  },
  "partial-write": {
    what: "It ignores how many bytes a write took.",
    why:
      "When the client reads slowly the kernel's buffers fill up, and a write takes only a part. The rest is lost.",
    mend:
      "Write the rest again until all of it has been taken, or use the function that does so.",
  },
  "talks-first": {
    what: "It sends something before it was asked.",
    why:
      "An echo server sends back what it received, and nothing else: a greeting is taken for an answer.",
    mend: "Send nothing of your own.",
  },
  "dies-of-client": {
    what: "One client that breaks off ends the server for everybody.",
    why:
      "Reading or writing fails after a reset (RST); in C a write can also raise SIGPIPE. Nobody catches it.",
    mend: "Handle errors for each connection: close that one, and go on.",
  },
  "one-client": {
    what: "It serves one client at a time.",
    why:
      "While it waits for one client it accepts nobody else: the second one waits in the queue of the listener.",
    mend: "Give each client its own thread or task, or use an event loop.",
  },
  "serves-once": {
    what: "It ends after the first client.",
    why: "It accepts once, serves, and its program is over.",
    mend: "Accept in a loop.",
  },
  "leaks-descriptors": {
    what: "It does not close its sockets.",
    why:
      "Each one keeps a file descriptor. When they are used up, no connection can be accepted or opened any more.",
    mend: "Close every socket when it is done with, on errors as well.",
  },
  "wrong-address": {
    what: "It listens somewhere else than it was told.",
    why:
      "The usual reasons: a fixed port, the bytes of the port in the wrong order (htons), an argument that is not read, or only ::1.",
    mend: "Listen on 127.0.0.1, and on the port that the command line gives.",
  },
  "no-reuseaddr": {
    what: "Started again at once, it cannot have its port: address in use.",
    why:
      "The side that closes first keeps the connection in TIME_WAIT for about a minute, and the port with it.",
    mend: "Set SO_REUSEADDR on the listening socket before it is bound.",
  },
  "waits-for-input": {
    what: "It reads before it speaks.",
    why: "The client of this protocol says nothing: both wait for each other.",
    mend: "Send the line as soon as the client is there.",
  },
  "never-closes": {
    what: "It does not end the connection after its answer.",
    why: "The client reads until FIN, which does not come.",
    mend: "Close the connection after the line, in every case.",
  },
  resets: {
    what: "It closes with unread input, and so sends RST in place of FIN.",
    why:
      "A reset can destroy the answer on its way: the client sees an error and no line.",
    mend:
      "End your side (shutdown of the writing half), read and discard until the client's FIN, then close.",
  },
  "stale-time": {
    what: "It tells the time at which it was started.",
    why: "The text is made once, before the loop, and sent to everybody.",
    mend: "Ask for the time anew for each client.",
  },
  "no-line-end": {
    what: "It sends its line without a line end.",
    why:
      "The other side reads lines: without the end it waits for more, or takes the line for cut off.",
    mend: "End each line with CR LF.",
  },
  "hears-itself": {
    what: "It sends a line back to the one who said it.",
    why: "The loop over the clients leaves nobody out.",
    mend: "Leave out the sender.",
  },
  "forgets-leavers": {
    what: "After one client has left, others do not get every line.",
    why:
      "The list of clients is changed while a loop goes through it, or writing to the one who is gone ends the loop.",
    mend:
      "Go through a copy of the list, and handle the error of each client by itself.",
  },
  "silent-leave": {
    what: "It does not tell the others that somebody has left.",
    why:
      "A client can leave by a command, by FIN or by RST, and each of them is noticed in another place.",
    mend: "Do it in one place that every way of leaving comes through.",
  },
  "leaves-twice": {
    what: "It tells the others twice that one client has left.",
    why:
      "Two places notice the same leave: the command and the end, or the error and the end.",
    mend: "Remove the client once, and tell it only if it was still there.",
  },
  "slow-blocks-all": {
    what: "One client that does not read stops everybody.",
    why:
      "When its buffers are full a blocking write to it waits, and the others wait with it.",
    mend:
      "Give each client a queue of its own and something that empties it, with a limit after which the slow one is dropped.",
  },
  "mixes-lines": {
    what: "One line stands inside another.",
    why:
      "Two threads write to the same socket at once, and a line goes out in several writes.",
    mend:
      "Let only one writer at a time use a socket, with a lock or a queue, and write whole lines.",
  },
  "sends-unfinished": {
    what: "It takes an unfinished last line for a whole one.",
    why:
      "When the connection ends in the middle of a line, the beginning of a command is no command.",
    mend:
      "Use a line only when its line end has come, and say that the last one was cut off.",
  },
  "blocks-on-keyboard": {
    what: "It shows what others say only after something was typed.",
    why: "It waits for the keyboard, and reads the socket only in between.",
    mend: "Read both at once: a thread or task for each, or an event loop.",
  },
  "trusts-peer-text": {
    what: "It passes escape sequences of the peer on to the terminal.",
    why:
      "With them a stranger can clear the screen, forge lines or change the title of the window.",
    mend:
      "Remove control characters, or make them visible, before anything is printed.",
  },
  "size-in-characters": {
    what: "It announces a size that is not that of the bytes it sends.",
    why:
      "A text with ñ has more bytes than characters, and the size on the wire counts bytes.",
    mend:
      "Take the size of the file, or of the encoded bytes, never the length of a string.",
  },
  "splits-at-spaces": {
    what: "It cuts a file name at its first space.",
    why: "The line is split into words, and the name is taken for one of them.",
    mend:
      "Take all that stands behind the command (or before the size) as the name.",
  },
  "extra-bytes": {
    what: "It sends more bytes after the file than it announced.",
    why:
      "A function that prints lines adds a line end; it is then taken for the next answer, and all is out of step.",
    mend: "Send exactly the announced bytes, and nothing behind them.",
  },
  "leaves-folder": {
    what: "It reads or writes outside its folder.",
    why: "A name can contain .. or begin with /, and it comes from a stranger.",
    mend: "Accept plain names only, without separators, and refuse all others.",
  },
  "closes-on-error": {
    what: "It ends the connection after it has answered ERROR.",
    why:
      "A refusal is an answer like any other: the client may go on with the next command.",
    mend: "Send the error line, and read the next command.",
  },
  "accepts-short": {
    what: "It takes less than was announced for all of it.",
    why:
      "The connection ended or was reset in the middle, which the program does not tell from the end.",
    mend:
      "Count the bytes; if fewer have come, or an error, say so, exit with a code that is not 0, and keep no file under its full name.",
  },
  "reads-past-size": {
    what: "It takes what follows the file for a part of it.",
    why:
      "It reads until the end of the connection, or whole buffers, and not up to the announced size.",
    mend:
      "Stop at the announced number of bytes: what comes behind them is the next answer.",
  },
  "no-clock": {
    what: "It waits for ever for a peer that says nothing.",
    why:
      "The other side can hang, or be gone without a word (a cable, a power cut): no FIN comes then.",
    mend:
      "Set a time limit for connecting and for reading, and say so when it runs out.",
  },
  "no-limit": {
    what: "It reads for ever from a peer that never stops.",
    why:
      "A broken or hostile server can send without end, and fills the memory or the time of its client.",
    mend: "Limit how many bytes, or how long in all, an answer may take.",
  },
  deadlock: {
    what: "It sends everything before it reads anything.",
    why:
      "The server sends back as it reads. When the buffers of both directions are full, each waits for the other to read.",
    mend: "Read while you write: a thread or task for each direction.",
  },
  "wrong-verdict": {
    what: "It says that all is well, or that a port is open, when it is not.",
    why:
      "It does not compare, or compares something else: only the length, or whether anything came at all.",
    mend:
      "Compare what came with what must have come, byte by byte; a port is open only when the connection stands.",
  },
  unflushed: {
    what: "What it writes waits in a buffer of the program.",
    why:
      "Libraries collect output, and send it only when much has come together or at the end: the other side, or the person, waits.",
    mend: "Flush after each message, or switch the buffer off.",
  },
  "misses-ports": {
    what: "It does not name a port that is open.",
    why:
      "Its range is off by one, or it does not wait long enough for the answer.",
    mend:
      "Include both ends of the range, and wait at least some hundred milliseconds for each port.",
  },
} satisfies Record<string, Hint>;
