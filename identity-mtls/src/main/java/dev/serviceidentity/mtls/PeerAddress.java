// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The address of a TLS peer, never by asking the DNS: a peer must not choose what it is taken for.
 */
final class PeerAddress {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private PeerAddress() {}

  static @Nullable InetAddress of(@Nullable Socket socket) {
    return socket == null ? null : socket.getInetAddress();
  }

  /**
   * Null if the engine was made with a host name, as the JDK's HttpsServer does, or with nothing.
   */
  static @Nullable InetAddress of(@Nullable SSLEngine engine) {
    return engine == null ? null : literal(engine.getPeerHost());
  }

  static @Nullable InetAddress literal(@Nullable String host) {
    if (host == null || !(IPV4.matcher(host).matches() || IPV6.matcher(host).matches())) {
      return null;
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException notAnAddress) {
      return null;
    }
  }
}
