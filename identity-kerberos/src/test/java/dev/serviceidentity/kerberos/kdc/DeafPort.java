// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that refuses: taken, so that nobody else answers there, and not listened at. One that was
 * merely closed may be the next test's.
 */
public final class DeafPort implements AutoCloseable {
  private final Socket taken;

  private DeafPort(Socket taken) {
    this.taken = taken;
  }

  /** One that was free. */
  public static DeafPort any() {
    return at(0);
  }

  /**
   * One whose server has just been closed. Waits: a process that another test begins has the
   * listening socket too, until it closes what it inherited.
   */
  public static DeafPort at(int port) {
    while (true) {
      try {
        return new DeafPort(bound(port));
      } catch (BindException stillListenedAt) {
        Thread.onSpinWait();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private static Socket bound(int port) throws IOException {
    var socket = new Socket();
    try {
      // Connections that ended there lately are in nobody's way.
      socket.setReuseAddress(port != 0);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  public String address() {
    return "127.0.0.1:" + taken.getLocalPort();
  }

  /** Gives the port up. */
  @Override
  public void close() {
    try {
      taken.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
