// Echo client: one read for each line.
use std::io::{self, BufRead, Read, Write};
use std::net::TcpStream;

fn main() {
    let host = std::env::args().nth(1).unwrap();
    let port = std::env::args().nth(2).unwrap();
    let mut stream = TcpStream::connect(format!("{host}:{port}")).unwrap();
    let mut buffer = vec![0; 1 << 20];
    for line in io::stdin().lock().lines() {
        let line = line.unwrap() + "\n";
        stream.write_all(line.as_bytes()).unwrap();
        let n = stream.read(&mut buffer).unwrap();
        print!("{}", String::from_utf8_lossy(&buffer[..n]));
        io::stdout().flush().unwrap();
        if &buffer[..n] != line.as_bytes() {
            println!("[{} != {}]", n, line.len());
        }
    }
}
