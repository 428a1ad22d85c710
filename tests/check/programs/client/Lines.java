// Client: bytes until LF, at most 4096 of them a line, and 10 s in all.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

class Lines {
  public static void main(String[] args) {
    long end = System.currentTimeMillis() + 8000;
    try (Socket s = new Socket(args[0], Integer.parseInt(args[1]))) {
      s.setSoTimeout(4000);
      InputStream in = new BufferedInputStream(s.getInputStream());
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b; (b = in.read()) != -1;) {
        if (System.currentTimeMillis() > end) throw new IOException("takes too long");
        if (b != '\n') {
          if (line.size() > 4096) throw new IOException("line too long");
          line.write(b);
          continue;
        }
        System.out.println("\033[1m" + line.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "") + "\033[0m");
        line.reset();
      }
      if (line.size() > 0) throw new EOFException("end inside a line");
    } catch (IOException e) {
      System.err.println("Problem: " + e);
      System.exit(1);
    }
  }
}
