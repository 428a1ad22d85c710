// Client: BufReader::read_until on a limited stream.
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::exit;
use std::time::Duration;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let stream = TcpStream::connect(format!("{}:{}", args[1], args[2])).unwrap_or_else(|e| {
        eprintln!("{e}");
        exit(1)
    });
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut reader = BufReader::new(stream.take(50_000));
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) if line.ends_with(b"\n") => {
                println!("{:?}", String::from_utf8_lossy(&line).trim_end())
            }
            Ok(n) => {
                eprintln!("{n} bytes without an end of line");
                exit(1);
            }
            Err(error) => {
                eprintln!("{error}");
                exit(1);
            }
        }
    }
}
