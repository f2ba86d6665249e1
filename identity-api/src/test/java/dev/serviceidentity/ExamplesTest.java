// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.Requests;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.NetworkProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the Javadoc, compiled and run. */
@DisplayName("The example of an entry type")
class ExamplesTest {
  private static final Path MAIN = Path.of("src", "main", "java", "dev", "serviceidentity");
  private static final Path THIS =
      Path.of("src", "test", "java", "dev", "serviceidentity", "ExamplesTest.java");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* \\}</pre>", Pattern.DOTALL);

  private final Response response = new Response();

  /** What a web framework has. */
  private static final class Response {
    private final List<String> lines = new ArrayList<>();

    void addHeader(String name, String value) {
      lines.add(name + ": " + value);
    }
  }

  /** What a server has. */
  private record Connection(InetSocketAddress remote, InetSocketAddress local) {}

  /** What a web framework has. */
  private record Incoming(Map<String, List<String>> headers) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ServiceIdentity",
        "caller/CallerEvidence",
        "caller/AllowedCallers",
        "access/AccessDecision",
        "mechanism/RequestCredentials",
      })
  void isTheOneThatIsCompiledHere(String type) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(MAIN.resolve(type + ".java")));
    assertThat(example.find()).isTrue();
    String code = example.group(1).replaceAll("(?m)^ \\* ?", "");
    assertThat(squeezed(Files.readString(THIS))).contains(squeezed(code));
  }

  @Test
  void ofAnIdentityAdmitsARequest() {
    Path certificates = Path.of("certificates");
    Path manifests = Path.of("manifests");
    CallerEvidence evidence = Requests.by(Requests.WEB_BY_MTLS);
    try (var identity =
        ServiceIdentity.builder()
            .mechanism(
                MtlsIdentity.builder().pemDirectory(certificates).trustDomain("shop.example"))
            .network(
                KubernetesNetwork.fromManifests(manifests)
                    .ownPod("shop", "orders-0")
                    .binding(WorkloadBinding.builder().trustDomain("shop.example").build()))
            .allow(AllowedCallers.serviceAccounts("shop/web"))
            .open()) {
      AccessDecision decision = identity.admit(evidence);
      decision.applyTo(response::addHeader);
    }
    assertThat(response.lines).containsExactly("X-Reply-mtls: proof");
  }

  @Test
  void ofEvidenceTakesWhatARequestBrings() throws Exception {
    var socket =
        new Connection(new InetSocketAddress("10.1.0.5", 1), new InetSocketAddress("10.1.0.9", 2));
    var request = new Incoming(Map.of("X-mtls", List.of("a")));
    SSLSession session = mock(SSLSession.class);
    when(session.getPeerCertificates()).thenThrow(new SSLPeerUnverifiedException("anonymous"));
    CallerEvidence evidence =
        CallerEvidence.of(socket.remote(), socket.local())
            .headers(request.headers())
            .tlsSession(session)
            .request("GET", "/orders/{id}");
    assertThat(evidence.header("x-mtls")).containsExactly("a");
    assertThat(evidence.path()).isEqualTo("/orders/{id}");
  }

  @Test
  void ofAllowedCallersNamesThem() {
    AllowedCallers callers =
        AllowedCallers.anyOf(
            AllowedCallers.serviceAccounts("shop/web", "shop/batch"),
            AllowedCallers.onPath(
                "/reports/**", AllowedCallers.principals("kerberos:alice@SHOP.EXAMPLE")));
    try (House house = House.with(it -> it.allow(callers).admitUnbound(callers))) {
      house.admits(Requests.by(Requests.WEB_BY_MTLS));
      house.admits(Requests.by(Requests.ALICE).request("GET", "/reports/2026"));
    }
  }

  @Test
  void ofADecisionAnswersARefusedCaller() {
    List<String> answered = new ArrayList<>();
    Logger log = Logger.getAnonymousLogger();
    log.setUseParentHandlers(false);
    try (House house = House.standing()) {
      ServiceIdentity identity = house.identity();
      CallerEvidence evidence = Requests.anonymous();
      new Object() {
        void respond(int status, String text) {
          answered.add(status + " " + text);
        }

        void handle() {
          AccessDecision decision = identity.admit(evidence);
          decision.applyTo(response::addHeader);
          if (decision instanceof Refused refused) {
            log.info(refused.explanation());
            respond(refused.httpStatus(), refused.publicReason());
          }
        }
      }.handle();
    }
    assertThat(response.lines).hasSize(2).allMatch(line -> line.startsWith("WWW-Authenticate: "));
    assertThat(answered).singleElement().asString().startsWith("401 refused at layer IDENTITY");
  }

  @Test
  @SuppressWarnings("unchecked")
  void ofCredentialsProvesWhoCallsAndChecksWhoAnswers() throws Exception {
    HttpClient client = mock(HttpClient.class);
    HttpResponse<String> answer = mock(HttpResponse.class);
    when(answer.statusCode()).thenReturn(200);
    when(answer.headers()).thenReturn(HttpHeaders.of(Map.of(), (name, value) -> true));
    when(client.send(any(HttpRequest.class), any(HttpResponse.BodyHandler.class)))
        .thenReturn(answer);
    URI uri = URI.create("https://orders.shop/orders");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    try (House house = House.standing()) {
      ServiceIdentity identity = house.identity();
      RequestCredentials mine = identity.credentialsFor(Target.of(uri));
      mine.applyTo(request::header);
      var response = client.send(request.build(), BodyHandlers.ofString());
      Reply proof = mine.verifyReply(response.statusCode(), response.headers().map());
      if (!(proof instanceof Reply.Complete)) {
        throw new IOException("The service that answered has not proven who it is: " + proof);
      }
    }
    assertThat(request.build().headers().firstValue("X-kerberos")).contains("HTTP/orders.shop:443");
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }

  /** Stands for the mechanism of another module. */
  private static final class MtlsIdentity {
    static MtlsIdentity builder() {
      return new MtlsIdentity();
    }

    MtlsIdentity pemDirectory(Path folder) {
      assertThat(folder).isNotNull();
      return this;
    }

    MechanismProvider trustDomain(String name) {
      assertThat(name).isNotEmpty();
      return FakeMechanism.mtls().provider();
    }
  }

  /** Stands for the network of another module. */
  private static final class KubernetesNetwork {
    static KubernetesNetwork fromManifests(Path folder) {
      assertThat(folder).isNotNull();
      return new KubernetesNetwork();
    }

    KubernetesNetwork ownPod(String namespace, String name) {
      assertThat(namespace + name).isNotEmpty();
      return this;
    }

    NetworkProvider binding(WorkloadBinding binding) {
      assertThat(binding.trustDomain()).isNotEmpty();
      return runtime -> new FakeNetwork();
    }
  }

  /** Stands for the binding of another module. */
  private record WorkloadBinding(String trustDomain) {
    static WorkloadBinding builder() {
      return new WorkloadBinding("");
    }

    WorkloadBinding build() {
      return this;
    }

    WorkloadBinding trustDomain(String name) {
      return new WorkloadBinding(name);
    }
  }
}
