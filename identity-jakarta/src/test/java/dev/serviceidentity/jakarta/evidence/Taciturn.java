// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.mechanism.TlsMaterial;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.jsse.JSSEImplementation;

/** TLS for Tomcat that tells neither its sessions nor which certificate it has shown. */
public final class Taciturn extends JSSEImplementation {
  @Override
  public SSLSupport getSSLSupport(SSLSession session, Map<String, List<String>> additional) {
    SSLSupport known = super.getSSLSupport(session, additional);
    return (SSLSupport)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SSLSupport.class},
            (proxy, method, arguments) ->
                method.getName().equals("getLocalCertificateChain")
                    ? null
                    : method.invoke(known, arguments));
  }

  static Servers.Running start(Path folder, Seen servlet, TlsMaterial tls) throws Exception {
    var protocol = new Http11NioProtocol();
    protocol.setSslImplementationName(Taciturn.class.getName());
    return Servers.tomcat(
        folder,
        Servers.secure(protocol, new Connector(protocol), tls),
        servlet,
        List.of(),
        List.of());
  }
}
