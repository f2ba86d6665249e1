// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the processor of a request in Tomcat knows of the TLS that its connector has ended.
 * The public way, attributes of the request, makes texts of all that the client has offered each
 * time, which takes longer than all else that is read; and it tells certificates only, since the
 * session is in a field of the object that describes it. Another implementation of TLS may describe
 * it by an object without: then certificates are all that is known, and how old a session is does
 * not count.
 */
final class TomcatTls {
  private final Access processor;
  private final Access tls;
  private final Access peer;
  private final Access shown;
  private final Class<?> jsse;
  private final Access session;

  TomcatTls(Class<?> request) throws ReflectiveOperationException {
    ClassLoader tomcat = request.getClassLoader();
    this.processor = Access.field(request, "hook");
    this.tls = Access.field(named("org.apache.coyote.AbstractProcessor", tomcat), "sslSupport");
    Class<?> description = tls.result();
    this.peer = Access.method(description, "getPeerCertificateChain");
    this.shown = Access.method(description, "getLocalCertificateChain");
    this.jsse = named("org.apache.tomcat.util.net.jsse.JSSESupport", tomcat);
    this.session = Access.field(jsse, "session");
  }

  Handshake of(Object request) {
    Object processing = processor.of(request);
    if (processing == null) {
      throw Untold.ended();
    }
    Object found = tls.of(processing);
    if (found == null) {
      return Handshake.NONE;
    }
    if (jsse.isInstance(found) && session.of(found) instanceof SSLSession known) {
      return new Handshake.Session(known);
    }
    return new Handshake.Certificates(
        peer.of(found) instanceof X509Certificate[] chain ? List.of(chain) : List.of(),
        shown.of(found) instanceof X509Certificate[] chain ? Handshake.leaf(chain) : null);
  }

  private static Class<?> named(String name, @Nullable ClassLoader loader)
      throws ClassNotFoundException {
    return Class.forName(name, false, loader);
  }
}
