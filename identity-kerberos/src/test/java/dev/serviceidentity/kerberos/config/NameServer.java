// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server on loopback that knows SRV records (RFC 1035, RFC 2782). */
final class NameServer implements AutoCloseable {
  private static final int NO_SUCH_NAME = 3;

  private final DatagramSocket socket;
  private final Map<String, List<String>> records = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int failure;

  NameServer() throws IOException {
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    var thread = new Thread(this::serve, "name-server");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "dns://127.0.0.1:" + socket.getLocalPort();
  }

  int asked() {
    return asked.get();
  }

  /** Says what a name has: priority, weight, port and target of each. */
  void has(String name, String... srv) {
    records.put(name, List.of(srv));
  }

  /** Answers everything with a code of RFC 1035 section 4.1.1, or truly with 0. */
  void fail(int code) {
    failure = code;
  }

  private void serve() {
    byte[] room = new byte[512];
    while (!socket.isClosed()) {
      var packet = new DatagramPacket(room, room.length);
      try {
        socket.receive(packet);
        asked.incrementAndGet();
        byte[] answer = answer(Arrays.copyOf(room, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private byte[] answer(byte[] query) throws IOException {
    int end = 12;
    var name = new StringBuilder();
    while (query[end] != 0) {
      name.append(new String(query, end + 1, query[end], StandardCharsets.US_ASCII)).append('.');
      end += query[end] + 1;
    }
    name.setLength(name.length() - 1);
    List<String> found =
        failure == 0 ? records.getOrDefault(name.toString(), List.of()) : List.of();
    int code = failure == 0 && found.isEmpty() ? NO_SUCH_NAME : failure;
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(query, 0, 2);
    out.writeShort(0x8580 | code);
    out.writeShort(1);
    out.writeShort(found.size());
    out.writeInt(0);
    out.write(query, 12, end + 5 - 12);
    for (String record : found) {
      record(out, record.split(" "));
    }
    return bytes.toByteArray();
  }

  private static void record(DataOutputStream out, String[] srv) throws IOException {
    var data = new ByteArrayOutputStream();
    var content = new DataOutputStream(data);
    for (int i = 0; i < 3; i++) {
      content.writeShort(Integer.parseInt(srv[i]));
    }
    for (String label : srv[3].equals(".") ? new String[0] : srv[3].split("\\.")) {
      content.writeByte(label.length());
      content.writeBytes(label);
    }
    content.writeByte(0);
    out.writeShort(0xc00c);
    out.writeShort(33);
    out.writeShort(1);
    out.writeInt(60);
    out.writeShort(data.size());
    out.write(data.toByteArray());
  }

  @Override
  public void close() {
    socket.close();
  }
}
