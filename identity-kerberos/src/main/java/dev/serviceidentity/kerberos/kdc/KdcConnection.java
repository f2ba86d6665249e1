// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;

/**
 * One request and its answer over TCP (RFC 4120 section 7.2.2). Waits on a selector, so that one
 * deadline bounds all steps together, however slowly the bytes come, and an interrupt ends them.
 */
final class KdcConnection {
  /** Four times the largest ticket that Windows makes. */
  static final int LONGEST = 256 * 1024;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Deadline deadline;

  private KdcConnection(SocketChannel channel, Selector selector, Deadline deadline)
      throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.deadline = deadline;
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    this.key = channel.register(selector, 0);
  }

  /** Leaves nothing open. */
  static byte[] exchange(InetSocketAddress kdc, byte[] request, Deadline deadline)
      throws IOException {
    try (Selector selector = Selector.open();
        SocketChannel channel = SocketChannel.open()) {
      var connection = new KdcConnection(channel, selector, deadline);
      connection.connect(kdc);
      connection.write(request);
      return connection.read();
    }
  }

  private void connect(InetSocketAddress kdc) throws IOException {
    boolean connected = begin(kdc);
    while (!connected) {
      await(SelectionKey.OP_CONNECT, "did not accept a connection");
      connected = channel.finishConnect();
    }
  }

  private boolean begin(InetSocketAddress kdc) throws IOException {
    try {
      return channel.connect(kdc);
    } catch (UnsupportedAddressTypeException disabled) {
      throw new NoRouteToHostException("IPv6 is disabled in this JVM");
    }
  }

  private void write(byte[] request) throws IOException {
    var framed = ByteBuffer.allocate(Integer.BYTES + request.length);
    framed.putInt(request.length).put(request).flip();
    while (framed.hasRemaining()) {
      if (channel.write(framed) == 0) {
        await(SelectionKey.OP_WRITE, "did not read the request");
      }
    }
  }

  private byte[] read() throws IOException {
    int length = ByteBuffer.wrap(read(Integer.BYTES)).getInt();
    // The first bit is reserved for an extension that nobody has asked for.
    if (length <= 0 || length > LONGEST) {
      throw new OversizedAnswerException(length & 0xffffffffL);
    }
    return read(length);
  }

  private byte[] read(int length) throws IOException {
    var answer = ByteBuffer.allocate(length);
    while (answer.hasRemaining()) {
      int count = channel.read(answer);
      if (count < 0) {
        throw new EOFException();
      }
      if (count == 0) {
        await(SelectionKey.OP_READ, "did not answer");
      }
    }
    return answer.array();
  }

  private void await(int operation, String failure) throws IOException {
    key.interestOps(operation);
    long left = deadline.millisLeft();
    if (left <= 0) {
      throw new SocketTimeoutException(failure);
    }
    selector.select(left);
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
  }
}
