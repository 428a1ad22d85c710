// Chat client: reads byte arrays and makes strings of them.
import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

class ByteStream {
  static StringBuilder text = new StringBuilder();

  public static void main(String[] args) throws Exception {
    Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
    Thread t = new Thread(() -> {
      try {
        BufferedReader br = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String s = br.readLine(); s != null; s = br.readLine()) {
          socket.getOutputStream().write((s + "\n").getBytes(StandardCharsets.UTF_8));
        }
        socket.shutdownOutput();
      } catch (IOException e) {
        System.err.println(e);
      }
    });
    t.setDaemon(true);
    t.start();
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    byte[] bytes = new byte[512];
    int n;
    while ((n = socket.getInputStream().read(bytes)) != -1) {
      text.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
      int end;
      while ((end = text.indexOf("\n")) >= 0) {
        String line = text.substring(0, end).trim();
        text.delete(0, end + 1);
        out.println(line.replaceAll("[^\\P{Cntrl}]", ""));
      }
    }
  }
}
