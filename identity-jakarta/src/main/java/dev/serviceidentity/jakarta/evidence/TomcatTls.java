// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.lang.reflect.InaccessibleObjectException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Reads Tomcat's description of a TLS session. That tells certificates to everybody, and keeps the
 * session to itself: where its field cannot be reached, or another implementation of TLS describes
 * it, certificates are all that is known, and how old a session is does not count.
 */
final class TomcatTls {
  private final Class<?> description;
  private final Access peer;
  private final Access shown;
  private final @Nullable Class<?> jsse;
  private final @Nullable Access session;

  TomcatTls(@Nullable ClassLoader tomcat) throws ReflectiveOperationException {
    this.description = Class.forName("org.apache.tomcat.util.net.SSLSupport", false, tomcat);
    this.peer = Access.method(description, "getPeerCertificateChain");
    this.shown = Access.method(description, "getLocalCertificateChain");
    this.jsse = jsse(tomcat);
    this.session = jsse == null ? null : session(jsse);
  }

  Handshake of(@Nullable Object found) {
    if (!description.isInstance(found)) {
      return Handshake.NONE;
    }
    if (session != null
        && jsse != null
        && jsse.isInstance(found)
        && session.of(found) instanceof SSLSession known) {
      return new Handshake.Session(known);
    }
    return new Handshake.Certificates(
        peer.of(found) instanceof X509Certificate[] chain ? List.of(chain) : List.of(),
        shown.of(found) instanceof X509Certificate[] chain ? Handshake.leaf(chain) : null);
  }

  private static @Nullable Class<?> jsse(@Nullable ClassLoader tomcat) {
    try {
      return Class.forName("org.apache.tomcat.util.net.jsse.JSSESupport", false, tomcat);
    } catch (ClassNotFoundException otherTls) {
      return null;
    }
  }

  private static @Nullable Access session(Class<?> jsse) {
    try {
      return Access.field(jsse, "session");
    } catch (ReflectiveOperationException | InaccessibleObjectException unreachable) {
      return null;
    }
  }
}
