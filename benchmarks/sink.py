"""`python -m benchmarks.sink`: a mail server that says yes to everything and keeps nothing, so that it is never the slow one.

It prints the port it listens on, and stops when its standard input is closed.
"""

import asyncio
import sys

from benchmarks.world import HOST

WELCOME = b"220 sink\r\n"
ABILITIES = b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n"
YES = b"250 2.0.0 OK\r\n"
GO_ON = b"354 go on\r\n"
BYE = b"221 bye\r\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(WELCOME)
    try:
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(GO_ON)
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(ABILITIES if word == b"EHLO" else BYE if word == b"QUIT" else YES)
            if word == b"QUIT":
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(answer, HOST, 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
