// A native load for the daytime benchmark: a Deno one would be slower than the
// servers, and measure itself. Usage: <port> <clients> <seconds>.
use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).map(|word| word.parse().unwrap()).collect();
    let (port, clients, seconds) = (args[0] as u16, args[1], args[2]);
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            std::thread::spawn(move || {
                let mut counted = 0u64;
                let mut answer = Vec::new();
                while Instant::now() < end {
                    answer.clear();
                    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
                    stream.read_to_end(&mut answer).unwrap();
                    assert!(answer.ends_with(b"\r\n"));
                    counted += 1;
                }
                counted
            })
        })
        .collect();
    let counted: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    println!("{}", counted as f64 / start.elapsed().as_secs_f64());
}
