// A native load for the benchmarks: a Deno one would be no faster than the
// servers, and measure itself. Usage: echo|daytime <port> <clients> <seconds>.
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn echo(port: u16, end: Instant) -> u64 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let (message, mut reply) = ([b'x'; 64], [0u8; 64]);
    let mut counted = 0;
    while Instant::now() < end {
        stream.write_all(&message).unwrap();
        stream.read_exact(&mut reply).unwrap();
        counted += 1;
    }
    counted
}

fn daytime(port: u16, end: Instant) -> u64 {
    let mut answer = Vec::new();
    let mut counted = 0;
    while Instant::now() < end {
        answer.clear();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.ends_with(b"\r\n"));
        counted += 1;
    }
    counted
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args[i].parse::<u64>().unwrap();
    let load = if args[0] == "echo" { echo } else { daytime };
    let (port, start) = (number(1) as u16, Instant::now());
    let end = start + Duration::from_secs(number(3));
    let threads: Vec<_> = (0..number(2))
        .map(|_| std::thread::spawn(move || load(port, end)))
        .collect();
    let counted: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    println!("{}", counted as f64 / start.elapsed().as_secs_f64());
}
