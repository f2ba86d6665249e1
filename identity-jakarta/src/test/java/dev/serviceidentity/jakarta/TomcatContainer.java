// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import java.io.File;
import java.nio.file.Path;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLUtil;

/** Tomcat, with HTTP/1.1 and HTTP/2. */
final class TomcatContainer implements Container {
  private final Tomcat tomcat = new Tomcat();

  private TomcatContainer(Setup setup, LocalTls tls) throws Exception {
    tomcat.setBaseDir(setup.folder().resolve("tomcat").toString());
    tomcat.setConnector(connector(setup, tls));
    if (setup.application() == null) {
      Context context = tomcat.addWebapp(setup.contextPath(), folder(setup.folder()));
      // Those of the other container are on the same class path here.
      context.setContainerSciFilter("org\\.eclipse\\.jetty\\..*");
    } else {
      Context context = tomcat.addContext(setup.contextPath(), folder(setup.folder()));
      context.addServletContainerInitializer(
          (classes, started) -> setup.application().configure(started), null);
      context.addWelcomeFile("index.html");
      var page = new ErrorPage();
      page.setLocation("/oops");
      context.addErrorPage(page);
    }
  }

  static TomcatContainer start(Setup setup, LocalTls tls) throws Exception {
    var started = new TomcatContainer(setup, tls);
    started.tomcat.start();
    return started;
  }

  @Override
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void close() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }

  private static String folder(Path folder) {
    return new File(folder.toString()).getAbsolutePath();
  }

  private static Connector connector(Setup setup, LocalTls tls) throws Exception {
    var protocol = new Http11NioProtocol();
    protocol.setSSLEnabled(true);
    var connector = new Connector(protocol);
    connector.setProperty("address", "127.0.0.1");
    connector.setPort(0);
    connector.setScheme("https");
    connector.setSecure(true);
    connector.addUpgradeProtocol(new Http2Protocol());
    if (setup.lenient()) {
      connector.setEncodedSolidusHandling("decode");
      connector.setEncodedReverseSolidusHandling("decode");
      connector.setAllowBackslash(true);
      protocol.setRelaxedPathChars("\\\"<>[]^`{|}");
    }
    var host = new SSLHostConfig();
    var certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.DEFAULT_TYPE);
    certificate.setSslContext(
        SSLUtil.createSSLContext(
            tls.context(), (X509KeyManager) tls.keys()[0], (X509TrustManager) tls.trust()[0]));
    host.addCertificate(certificate);
    connector.addSslHostConfig(host);
    return connector;
  }
}
