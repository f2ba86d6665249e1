// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.IOException;
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
  UNREACHABLE("unreachable");

  private final String text;

  Contact(String text) {
    this.text = text;
  }

  static Contact with(InetAddress address, int port, Duration patience) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), Math.toIntExact(patience.toMillis()));
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
      return UNREACHABLE;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
