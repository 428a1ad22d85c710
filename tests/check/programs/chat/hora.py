# Cliente de chat con asyncio; muestra la hora delante de cada línea.
import asyncio
import re
import sys
from datetime import datetime


def limpia(texto):
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", texto)


async def escucha(lector):
    while linea := await lector.readline():
        texto = limpia(linea.decode("utf-8", errors="replace"))
        dicho = re.match(r"<([^>]+)> (.*)", texto)
        if dicho:
            texto = f"{dicho[1]} dice: «{dicho[2]}»"
        print(f"[{datetime.now():%H:%M}] {texto}")
    print("El servidor ha cerrado la conexión. ¡Hasta luego!")


async def teclado(escritor):
    entrada = asyncio.StreamReader()
    bucle = asyncio.get_running_loop()
    await bucle.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(entrada), sys.stdin
    )
    while linea := await entrada.readline():
        escritor.write(linea.rstrip(b"\n") + b"\r\n")
        await escritor.drain()
    escritor.write_eof()
    await asyncio.Event().wait()


async def main():
    lector, escritor = await asyncio.open_connection(sys.argv[1], sys.argv[2])
    print("Conectado. Escriba y pulse Intro.")
    tarea = asyncio.create_task(teclado(escritor))
    await escucha(lector)
    tarea.cancel()
    escritor.close()


asyncio.run(main())
