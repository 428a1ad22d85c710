// Echo client: compares the sums of what was sent and of what came back.
import java.io.*;
import java.net.*;
import java.util.concurrent.atomic.*;
import java.util.zip.CRC32;

class Hash {
  public static void main(String[] args) throws Exception {
    Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
    socket.setSoTimeout(500);
    CRC32 there = new CRC32(), back = new CRC32();
    AtomicLong sent = new AtomicLong();
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong last = new AtomicLong(System.nanoTime());
    Thread sender = new Thread(() -> {
      try {
        byte[] bytes = new byte[16384];
        for (int n; (n = System.in.read(bytes)) > 0;) {
          there.update(bytes, 0, n);
          sent.addAndGet(n);
          last.set(System.nanoTime());
          socket.getOutputStream().write(bytes, 0, n);
        }
        ended.set(true);
        socket.shutdownOutput();
      } catch (IOException e) {
        System.err.println("sender: " + e);
      }
    });
    sender.setDaemon(true);
    sender.start();
    long got = 0;
    byte[] bytes = new byte[16384];
    try {
      while (true) {
        try {
          int n = socket.getInputStream().read(bytes);
          if (n < 0) break;
          back.update(bytes, 0, n);
          got += n;
          last.set(System.nanoTime());
          System.out.write(bytes, 0, n);
          System.out.flush();
        } catch (SocketTimeoutException e) {
          boolean waits = got < sent.get() || ended.get();
          if (waits && System.nanoTime() - last.get() > 3_000_000_000L) throw e;
        }
      }
    } catch (IOException e) {
      System.out.println("gave up: " + e.getMessage());
      System.exit(3);
    }
    boolean same = ended.get() && got == sent.get() && there.getValue() == back.getValue();
    System.out.println(same ? "checksums match" : "checksums are different");
    System.exit(same ? 0 : 1);
  }
}
