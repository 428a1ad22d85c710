// Echo client: a thread writes, the main thread reads and compares.
use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::exit;
use std::sync::mpsc::{channel, Sender};
use std::time::Duration;

fn send(mut socket: TcpStream, sent: Sender<Vec<u8>>) -> io::Result<()> {
    let mut keyboard = io::stdin().lock();
    loop {
        let mut line = Vec::new();
        if keyboard.read_until(b'\n', &mut line)? == 0 {
            return socket.shutdown(Shutdown::Write);
        }
        let _ = sent.send(line.clone());
        socket.write_all(&line)?;
    }
}

fn receive(mut socket: TcpStream, line: &[u8]) -> io::Result<bool> {
    let mut answer = vec![0; line.len()];
    socket.read_exact(&mut answer)?;
    let mut screen = io::stdout();
    screen.write_all(&answer)?;
    screen.flush()?;
    Ok(answer == line)
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut socket = TcpStream::connect(format!("{}:{}", args[1], args[2])).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(2500))).unwrap();
    let (sender, sent) = channel();
    let writer = socket.try_clone().unwrap();
    std::thread::spawn(move || {
        if let Err(error) = send(writer, sender) {
            eprintln!("send: {error}");
        }
    });
    for line in sent {
        match receive(socket.try_clone().unwrap(), &line) {
            Ok(true) => {}
            Ok(false) => {
                eprintln!("mismatch, I sent {:?}", String::from_utf8_lossy(&line));
                exit(1);
            }
            Err(error) => {
                eprintln!("error: {error}");
                exit(1);
            }
        }
    }
    let mut rest = Vec::new();
    if socket.read_to_end(&mut rest).is_err() || !rest.is_empty() {
        eprintln!("error: bad end of the connection");
        exit(1);
    }
}
