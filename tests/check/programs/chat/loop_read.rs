// Chat client: a loop that reads lines.
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::process::exit;
use std::thread;
use std::time::Duration;

fn listen(socket: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(socket);
    let mut line = Vec::new();
    loop {
        reader.read_until(b'\n', &mut line)?;
        if line.is_empty() {
            thread::sleep(Duration::from_millis(50));
            continue;
        }
        let text = String::from_utf8_lossy(&line);
        let shown: String = text.chars().filter(|c| !c.is_control()).collect();
        println!("{shown}");
        line.clear();
    }
}

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let mut socket = TcpStream::connect(format!("{}:{}", args[1], args[2]))?;
    let reading = socket.try_clone()?;
    thread::spawn(move || {
        if let Err(error) = listen(reading) {
            eprintln!("{error}");
        }
        exit(0);
    });
    for line in io::stdin().lines() {
        let line = line?;
        socket.write_all(format!("{line}\r\n").as_bytes())?;
        if line == "/quit" {
            break;
        }
    }
    socket.shutdown(Shutdown::Write)?;
    thread::sleep(Duration::from_secs(2));
    Ok(())
}
