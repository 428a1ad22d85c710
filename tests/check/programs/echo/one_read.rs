// Echo client: reads the answer of each line.
use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

fn main() -> io::Result<()> {
    let host = std::env::args().nth(1).unwrap();
    let port: u16 = std::env::args().nth(2).unwrap().parse().unwrap();
    let mut socket = TcpStream::connect((host.as_str(), port))?;
    socket.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut buffer = [0u8; 65536];
    for line in io::stdin().lock().lines() {
        let line = line?;
        socket.write_all(format!("{line}\n").as_bytes())?;
        let n = socket.read(&mut buffer)?;
        let mut screen = io::stdout().lock();
        screen.write_all(&buffer[..n])?;
        screen.flush()?;
        if &buffer[..n] != format!("{line}\n").as_bytes() {
            eprintln!("error: {n} bytes came, and they are not what was sent");
            std::process::exit(1);
        }
    }
    socket.shutdown(Shutdown::Write)?;
    while socket.read(&mut buffer)? > 0 {
        eprintln!("error: more came than was sent");
        std::process::exit(1);
    }
    Ok(())
}
