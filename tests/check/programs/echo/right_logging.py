"""Echo client with asyncio that tells everything in a log."""
import asyncio
import logging
import sys

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
log = logging.getLogger("echo")


async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]), limit=1 << 20)
    log.info("connected from %s", writer.get_extra_info("sockname"))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        writer.write(line)
        answer = await asyncio.wait_for(reader.readline(), 4)
        if answer == line:
            log.info("received %s", answer.decode().rstrip()[:200])
        else:
            log.warning("sent %r, received %r", line[:200], answer[:200])
            return
        await writer.drain()
    writer.close()
    log.info("bye")


try:
    asyncio.run(main())
except (TimeoutError, asyncio.TimeoutError):
    log.warning("no answer")
