// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** What came of an attempt to open a TCP connection. */
enum Contact {
  /** Somebody accepted it. */
  CONNECTED("connected"),
  /** It was reset (RFC 9293 section 3.10.7): it has reached a host, or a plugin answers so. */
  REFUSED("refused"),
  /** Nobody answered in time, as where packets are dropped. */
  SILENT("no answer"),
  /** Routers or the own host say that there is no way. */
  UNREACHABLE("unreachable"),
  /** The own host could not even try. */
  FAILED("failed here");

  private final String text;

  Contact(String text) {
    this.text = text;
  }

  /**
   * Tries it from one of the own addresses.
   *
   * @throws BindException if that is no address of the host or pod where this runs
   */
  static Contact with(InetAddress from, InetAddress address, int port, Duration patience)
      throws BindException {
    try (var socket = new Socket()) {
      bind(socket, from);
      return reached(socket, new InetSocketAddress(address, port), patience);
    } catch (BindException e) {
      throw e;
    } catch (IOException e) {
      return FAILED;
    }
  }

  private static Contact reached(Socket socket, InetSocketAddress to, Duration patience) {
    try {
      socket.connect(to, Math.toIntExact(patience.toMillis()));
      return CONNECTED;
    } catch (SocketTimeoutException e) {
      return SILENT;
    } catch (NoRouteToHostException e) {
      return UNREACHABLE;
    } catch (ConnectException e) {
      // The JDK has one type for a refusal and for the kernel's own end of waiting.
      String said = String.valueOf(e.getMessage());
      return said.contains("timed out") ? SILENT : said.contains("refused") ? REFUSED : UNREACHABLE;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("unreachable") ? UNREACHABLE : FAILED;
    }
  }

  private static void bind(Socket socket, InetAddress from) throws BindException {
    try {
      socket.bind(new InetSocketAddress(from, 0));
    } catch (BindException e) {
      throw e;
    } catch (IOException e) {
      var other = new BindException(String.valueOf(e.getMessage()));
      other.initCause(e);
      throw other;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
