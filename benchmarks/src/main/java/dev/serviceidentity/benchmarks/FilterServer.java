// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.benchmarks.FilterWorld.Proof;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.jakarta.Roles;
import dev.serviceidentity.jakarta.evidence.ContainerEvidence;
import dev.serviceidentity.mechanism.TlsMaterial;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLUtil;
import org.jspecify.annotations.Nullable;

/**
 * Orders as one process: an application on Tomcat that does next to nothing, or the same behind the
 * filter.
 */
public final class FilterServer {
  /** What is printed once calls are served. */
  static final String READY = "ready";

  private static final byte[] ANSWER =
      "{\"order\":7,\"customer\":\"client-12\",\"state\":\"PAID\",\"lines\":[{\"article\":4711,\"count\":2}]}"
          .getBytes(StandardCharsets.UTF_8);

  private FilterServer() {}

  /**
   * Serves until its input ends, and tells at each byte of it how the audit log does.
   *
   * @param args the directory of the world, how callers prove who they are, the port, and whether
   *     there is a filter
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    var world = new FilterWorld(Path.of(args[0]));
    Proof proof = Proof.valueOf(args[1]);
    int port = Integer.parseInt(args[2]);
    boolean filtered = Boolean.parseBoolean(args[3]);
    try (ServiceIdentity identity = world.open(proof, AuditSink.jsonLines(world.audit(port)))) {
      var tomcat = new Tomcat();
      tomcat.setBaseDir(world.directory().resolve("tomcat-" + port).toString());
      tomcat.setConnector(connector(proof.overTls ? identity.tls() : null, port));
      Context context = tomcat.addContext("", null);
      Tomcat.addServlet(context, "orders", new Orders());
      context.addServletMappingDecoded("/*", "orders");
      if (filtered) {
        protect(context, filter(identity, proof));
      }
      tomcat.start();
      System.out.println(READY);
      while (System.in.read() >= 0) {
        System.out.println(audit(identity));
      }
      tomcat.stop();
    }
  }

  private static String audit(ServiceIdentity identity) {
    return identity.health().parts().stream()
        .filter(part -> part.name().equals("audit"))
        .map(Health.Part::detail)
        .collect(Collectors.joining());
  }

  /** With rules of each kind and roles, of which the request that is measured meets the last. */
  private static IdentityFilter filter(ServiceIdentity identity, Proof proof) {
    PathRules rules =
        PathRules.builder()
            .publicPath("/health")
            .path(
                "/admin/**", AccessRule.usual().allow(AllowedCallers.serviceAccounts("shop/batch")))
            .path("/orders/**", AccessRule.usual().require(proof.mechanism))
            .build();
    return IdentityFilter.builder(identity)
        .evidence(ContainerEvidence.detecting(identity))
        .rules(rules)
        .roles(Roles.of(Map.of("buyer", AllowedCallers.serviceAccounts("shop/web"))))
        .build();
  }

  private static void protect(Context context, IdentityFilter filter) {
    var definition = new FilterDef();
    definition.setFilterName("identity");
    definition.setFilter(filter);
    definition.setAsyncSupported("true");
    context.addFilterDef(definition);
    var mapping = new FilterMap();
    mapping.setFilterName("identity");
    mapping.addURLPattern("/*");
    context.addFilterMap(mapping);
  }

  private static Connector connector(@Nullable TlsMaterial tls, int port) {
    var protocol = new Http11NioProtocol();
    // Connections are kept for as long as a measurement lasts.
    protocol.setMaxKeepAliveRequests(-1);
    protocol.setProperty("address", FilterWorld.ORDERS_ADDRESS);
    var connector = new Connector(protocol);
    connector.setPort(port);
    if (tls != null) {
      protocol.setSSLEnabled(true);
      connector.setScheme("https");
      connector.setSecure(true);
      connector.addSslHostConfig(hostConfig(tls));
    }
    return connector;
  }

  private static SSLHostConfig hostConfig(TlsMaterial tls) {
    var config = new SSLHostConfig();
    config.setProtocols("TLSv1.3");
    config.setCertificateVerification(
        tls.serverParameters().getNeedClientAuth() ? "required" : "optional");
    var certificate = new SSLHostConfigCertificate(config, SSLHostConfigCertificate.DEFAULT_TYPE);
    certificate.setSslContext(
        SSLUtil.createSSLContext(tls.sslContext(), tls.keyManager(), tls.trustManager()));
    config.addCertificate(certificate);
    return config;
  }

  /** An application's answer, as small as answers are. */
  private static final class Orders extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("application/json");
      response.setContentLength(ANSWER.length);
      response.getOutputStream().write(ANSWER);
    }
  }
}
