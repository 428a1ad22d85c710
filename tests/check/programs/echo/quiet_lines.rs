// Echo client: a thread sends, the main one prints line by line.
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc;
use std::time::Duration;
use std::{process, thread};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let stream = TcpStream::connect((args[1].as_str(), args[2].parse().unwrap())).expect("connect");
    let (sent, expected) = mpsc::channel::<Vec<u8>>();
    let mut out = stream.try_clone().unwrap();
    thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        loop {
            let mut line = Vec::new();
            if input.read_until(b'\n', &mut line).unwrap_or(0) == 0 {
                break;
            }
            sent.send(line.clone()).unwrap();
            if out.write_all(&line).is_err() {
                break;
            }
        }
        let _ = out.shutdown(Shutdown::Write);
    });
    stream.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
    let mut back = BufReader::new(stream);
    let mut wrong = 0;
    for (number, line) in expected.iter().enumerate() {
        let mut answer = vec![0; line.len()];
        if let Err(error) = back.read_exact(&mut answer) {
            eprintln!("line {number}: {error}");
            process::exit(1);
        }
        print!("{}: {}", number + 1, String::from_utf8_lossy(&answer));
        io::stdout().flush().unwrap();
        if answer != line {
            wrong += 1;
        }
    }
    println!("{wrong} wrong answers");
    process::exit(if wrong == 0 { 0 } else { 1 });
}
