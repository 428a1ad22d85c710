// Welcome server: a thread per client.
use std::io::{BufWriter, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::{Duration, SystemTime};

fn now() -> String {
    let seconds = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64;
    let z = seconds / 86400 + 719468;
    let era = z / 146097;
    let day = z - era * 146097;
    let yoe = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    let doy = day - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let y = yoe + era * 400 + if m <= 2 { 1 } else { 0 };
    let s = seconds % 86400;
    format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}Z", s / 3600, s / 60 % 60, s % 60)
}

fn welcome(stream: &TcpStream) -> std::io::Result<()> {
    let mut out = BufWriter::new(stream);
    out.write_all(b"Welcome to Rust, ")?;
    out.flush()?;
    std::thread::sleep(Duration::from_millis(50));
    write!(out, "it is {}\r\n", now())?;
    out.flush()?;
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_secs(8)))?;
    let (mut rest, mut reader) = ([0; 256], stream);
    while reader.read(&mut rest)? > 0 {}
    Ok(())
}

fn main() {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    for stream in TcpListener::bind(("127.0.0.1", port)).unwrap().incoming().flatten() {
        std::thread::spawn(move || {
            if let Err(e) = welcome(&stream) {
                println!("lost: {e}");
            }
        });
    }
}
