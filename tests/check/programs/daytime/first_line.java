// Daytime client: readLine() is the answer.
import java.io.*;
import java.net.Socket;

class FirstLine {
  public static void main(String[] args) throws IOException {
    try (Socket s = new Socket(args[0], Integer.parseInt(args[1]))) {
      s.setSoTimeout(4000);
      InputStream in = s.getInputStream();
      StringBuilder text = new StringBuilder();
      int c;
      while ((c = in.read()) != '\n' && c != -1) {
        if (text.length() > 4000) throw new IOException("too long");
        if (c >= 32 && c < 127) text.append((char) c);
      }
      System.out.println("The time is " + text);
    }
  }
}
