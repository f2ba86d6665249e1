// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  void nothingIsTriedFromAnAddressOfSomebodyElse() {
    // RFC 5737: nobody has it.
    assertThatThrownBy(() -> Contact.with(InetAddress.getByName("192.0.2.1"), HERE, 9, PATIENCE))
        .isInstanceOf(BindException.class);
  }

  @Test
  void somebodyWhoListensIsConnected() throws IOException {
    try (var server = new ServerSocket(0, 1, HERE)) {
      assertThat(Contact.with(HERE, HERE, server.getLocalPort(), PATIENCE))
          .isEqualTo(Contact.CONNECTED);
    }
  }

  @Test
  void aPortWhereNobodyListensIsRefused() throws IOException {
    int port;
    try (var server = new ServerSocket(0, 1, HERE)) {
      port = server.getLocalPort();
    }
    assertThat(Contact.with(HERE, HERE, port, PATIENCE)).isEqualTo(Contact.REFUSED);
  }

  @Test
  void whoDoesNotAnswerIsSilent() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    // Linux drops what does not fit into the queue of a socket that nobody accepts from.
    try (var server = new ServerSocket(0, 1, HERE)) {
      var address = new InetSocketAddress(HERE, server.getLocalPort());
      while (fits(address, waiting)) {
        assertThat(waiting).hasSizeLessThan(64);
      }
      assertThat(Contact.with(HERE, HERE, server.getLocalPort(), Duration.ofMillis(200)))
          .isEqualTo(Contact.SILENT);
    } finally {
      for (Socket each : waiting) {
        each.close();
      }
    }
  }

  private static boolean fits(InetSocketAddress address, List<Socket> waiting) throws IOException {
    var socket = new Socket();
    waiting.add(socket);
    try {
      socket.connect(address, 500);
      return true;
    } catch (SocketTimeoutException full) {
      return false;
    }
  }

  @Test
  void anAddressWithoutARouteIsUnreachable() throws IOException {
    InetAddress everybody = InetAddress.getByName("255.255.255.255");

    assertThat(Contact.with(InetAddress.getByName("0.0.0.0"), everybody, 9, PATIENCE))
        .isEqualTo(Contact.UNREACHABLE);
  }
}
