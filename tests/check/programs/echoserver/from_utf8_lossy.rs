// Echo server: prints the text and sends it back.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buf = [0u8; 2048];
    loop {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&buf[..n]).into_owned();
        println!("{}", text);
        stream.write_all(text.as_bytes())?;
    }
}

fn main() -> std::io::Result<()> {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    loop {
        let (stream, peer) = listener.accept()?;
        thread::spawn(move || {
            if serve(stream).is_err() {
                eprintln!("{} broke off", peer);
            }
        });
    }
}
