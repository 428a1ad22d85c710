// Echo server: a thread per client.
use std::io::{BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn serve(stream: TcpStream) -> std::io::Result<()> {
    let mut input = stream.try_clone()?;
    let mut output = BufWriter::new(stream);
    let mut buf = [0u8; 1024];
    loop {
        let n = input.read(&mut buf)?;
        if n == 0 {
            return Ok(());
        }
        output.write_all(&buf[..n])?;
    }
}

fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    for stream in listener.incoming() {
        if let Ok(stream) = stream {
            thread::spawn(move || serve(stream));
        }
    }
}
