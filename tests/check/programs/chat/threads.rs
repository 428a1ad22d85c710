// Chat client with a thread for the keyboard.
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let stream = TcpStream::connect(format!("{}:{}", args[1], args[2]))?;
    let mut writer = stream.try_clone()?;
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if writer.write_all(format!("{line}\r\n").as_bytes()).is_err() {
                break;
            }
        }
        let _ = writer.shutdown(Shutdown::Write);
    });
    let mut reader = BufReader::new(stream);
    let mut raw = Vec::new();
    while reader.read_until(b'\n', &mut raw)? > 0 {
        let text = String::from_utf8_lossy(&raw);
        println!("{}", text.trim_end().escape_debug().collect::<String>().replace("\\\"", "\""));
        raw.clear();
    }
    println!("bye");
    Ok(())
}
