// Echo client: a thread sends, the main thread receives; a summary at the end, and exit code 0.
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{mpsc, Arc, Mutex};
use std::time::Duration;

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let stream = TcpStream::connect((args[1].as_str(), args[2].parse::<u16>().unwrap()))?;
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut writer = stream.try_clone()?;
    let sent = Arc::new(Mutex::new(Vec::<u8>::new()));
    let all = sent.clone();
    let (done_tx, done_rx) = mpsc::channel();
    std::thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
            all.lock().unwrap().extend_from_slice(&line);
            if writer.write_all(&line).is_err() {
                break;
            }
            line.clear();
        }
        let _ = writer.shutdown(Shutdown::Write);
        let _ = done_tx.send(());
    });
    let mut reader = &stream;
    let mut buffer = [0u8; 32768];
    let (mut back, mut errors, mut idle, mut ended) = (0usize, 0, 0, false);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                idle = 0;
                let sent = sent.lock().unwrap();
                for i in 0..n {
                    if sent.get(back + i) != Some(&buffer[i]) {
                        errors += 1;
                    }
                }
                back += n;
                io::stdout().write_all(&buffer[..n])?;
                io::stdout().flush()?;
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                ended = ended || done_rx.try_recv().is_ok();
                idle += 1;
                if idle > 20 && (ended || back < sent.lock().unwrap().len()) {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    let total = sent.lock().unwrap().len();
    let missing = total - back.min(total);
    println!("{} bytes came back, {} bytes missing, errors: {}", back, missing, errors);
    std::process::exit(0);
}
