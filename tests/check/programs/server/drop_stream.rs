// Welcome server: one client after the other, each is served at once.
use std::io::Write;
use std::net::{Shutdown, TcpListener};
use std::time::{SystemTime, UNIX_EPOCH};

fn iso(seconds: u64) -> String {
    let (mut days, s) = (seconds / 86400, seconds % 86400);
    let leap = |y: u64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let mut year = 1970;
    while days >= 365 + leap(year) as u64 {
        days -= 365 + leap(year) as u64;
        year += 1;
    }
    let lengths = [31, 28 + leap(year) as u64, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    format!("{}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month + 1, days + 1, s / 3600, s / 60 % 60, s % 60)
}

fn main() -> std::io::Result<()> {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let sent = write!(stream, "{}", format!("Welcome to Rust, it is {}\r\n", iso(now)));
        if sent.and_then(|_| stream.shutdown(Shutdown::Both)).is_err() {
            println!("client lost");
        }
    }
    Ok(())
}
