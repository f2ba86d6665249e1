// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import jakarta.servlet.ServletRequest;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.jsse.JSSEImplementation;
import org.apache.tomcat.util.net.jsse.JSSESupport;

/**
 * The JDK's TLS as Tomcat uses it, which also tells the session: a servlet is shown certificates
 * only, and how old a session is decides when its connection ends. Tomcat makes this by its name.
 */
public final class TomcatSessions extends JSSEImplementation {
  @Override
  public SSLSupport getSSLSupport(SSLSession session, Map<String, List<String>> requested) {
    return new Known(session, requested);
  }

  static SSLSession of(ServletRequest request) {
    return ((Known) request.getAttribute(SSLSupport.SESSION_MGR)).session;
  }

  private static final class Known extends JSSESupport {
    private final SSLSession session;

    Known(SSLSession session, Map<String, List<String>> requested) {
      super(session, requested);
      this.session = session;
    }
  }
}
