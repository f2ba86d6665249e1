// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import static dev.serviceidentity.fakes.StrictJson.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.audit.AccessEvent.Outcome;
import dev.serviceidentity.audit.AccessEvent.Request;
import dev.serviceidentity.audit.AccessEvent.Ruling;
import dev.serviceidentity.audit.AccessEvent.Source;
import dev.serviceidentity.fakes.EventSchema;
import dev.serviceidentity.fakes.FakeEvents;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The JSON form of an access event")
class AccessEventJsonTest {
  private static final AccessEvent ADMITTED = FakeEvents.admitted("kerberos:alice@SHOP.EXAMPLE");
  private final EventSchema schema = EventSchema.read();

  @Test
  void isDescribedMemberByMember() {
    schema.describesEverything();
  }

  @Test
  void hasEveryMemberOfTheEvent() {
    Map<String, Object> event = schema.valid(AccessEventJson.line(ADMITTED));
    assertThat(event)
        .containsEntry("schema", "serviceidentity.dev/access-event/v1")
        .containsEntry("id", "0123456789abcdef01234567")
        .containsEntry("time", "2026-03-01T12:00:00Z")
        .containsEntry("decision", "ADMITTED")
        .containsEntry("enforced", true)
        .containsEntry("principals", List.of("kerberos:alice@SHOP.EXAMPLE"))
        .containsEntry("ignored", List.of("X-Claim from nobody"))
        .doesNotContainKeys("layer", "reason");
    Map<String, Object> source = object(event.get("source"));
    assertThat(source)
        .containsEntry("socket", "10.1.0.5")
        .containsEntry("forwardedBy", "kerberos:proxy@SHOP.EXAMPLE");
    assertThat(object(((List<?>) source.get("workloads")).get(0)))
        .containsEntry("namespace", "shop")
        .containsEntry("serviceAccount", "web")
        .containsEntry("pod", "web-1")
        .containsEntry("uid", "uid-web-1")
        .containsEntry("node", "node-1")
        .containsEntry("labels", Map.of("app", "web-1"))
        .containsEntry("namespaceLabels", Map.of("team", "shop"));
    assertThat(object(event.get("ruling")))
        .containsEntry("rules", List.of("shop/a ingress[0].from[1]"))
        .containsEntry("viewVersion", "v7");
    assertThat(object(event.get("request")))
        .containsEntry("local", "10.1.0.9:8080")
        .containsEntry("path", "/orders")
        .containsEntry("spanId", "b7ad6b7169203331");
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    AccessEvent refused = FakeEvents.refused(null, "NO_CREDENTIALS", SetClock.START);
    AccessEvent bare =
        FakeEvents.with(
            FakeEvents.with(
                FakeEvents.with(refused, new Source(null, null, null, null, List.of())),
                new Ruling(List.of(), null, 0, null)),
            new Request(null, Protocol.TCP, "", "", null));
    Map<String, Object> event = schema.valid(AccessEventJson.line(bare));
    assertThat(event).doesNotContainKey("ignored");
    assertThat(object(event.get("source"))).containsOnlyKeys("workloads");
    assertThat(object(event.get("ruling"))).containsOnlyKeys("rules", "viewGeneration");
    assertThat(object(event.get("request"))).containsOnlyKeys("protocol", "method", "path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"},\"decision\":\"ADMITTED\",\"x\":{\"",
        "a\r\nb",
        "\u0000\u0007\u001b[2J\u007f\u009b",
        "\u202egnp.exe\u2028\u2029\ufeff",
        "\\u0000 \\",
        "\ud83d\ude00 \udb40\udc41",
      })
  void carriesHostileTextOnOneLineAndAsItWas(String hostile) {
    String line = AccessEventJson.line(asked(hostile));
    assertThat(line.codePoints())
        .allMatch(c -> Character.getType(c) != Character.CONTROL)
        .allMatch(c -> Character.getType(c) != Character.FORMAT)
        .doesNotContain(0x2028, 0x2029);
    assertThat(object(schema.valid(line).get("request"))).containsEntry("path", hostile);
  }

  @Test
  void replacesWhatIsNoCharacter() {
    String line = AccessEventJson.line(asked("a\ud83db\ude00"));
    assertThat(object(schema.valid(line).get("request"))).containsEntry("path", "a\ufffdb\ufffd");
  }

  @Test
  void cutsLongTextWithoutSplittingACharacter() {
    for (String letter : new String[] {"x", "\u0000", "\ud83d\ude00"}) {
      for (int shift = 0; shift < 2; shift++) {
        String line = AccessEventJson.line(asked("-".repeat(shift) + letter.repeat(100_000)));
        assertThat(line.length()).isLessThan(40_000);
        String path = (String) object(schema.valid(line).get("request")).get("path");
        assertThat(path).endsWith("…").doesNotContain("\ufffd");
        assertThat(path.length()).isBetween(2047, 2048);
      }
    }
  }

  @Test
  void countsTheAgeOfAViewThatWasNeverProven() {
    var never = new Ruling(List.of(), "v0", 0, Duration.between(Instant.MIN, SetClock.START));
    schema.valid(AccessEventJson.line(FakeEvents.with(ADMITTED, never)));
  }

  @Test
  void isValidForWhateverCallersAndClustersSend() {
    long seed = System.nanoTime();
    System.out.println("AccessEventJsonTest seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      var pod =
          new Workload(
              FakeNetwork.WEB.serviceAccount(),
              new Workload.Pod(text(random), text(random), text(random)),
              Map.of(text(random), text(random)),
              Map.of());
      AccessEvent event =
          FakeEvents.with(
              FakeEvents.with(
                  FakeEvents.with(
                      ADMITTED,
                      new Source(
                          text(random), text(random), "FORWARDED", text(random), List.of(pod))),
                  new Outcome(
                      Decision.REFUSED, true, Layer.BINDING, "WRONG_WORKLOAD", text(random))),
              new Request(text(random), Protocol.TCP, text(random), text(random), null));
      schema.valid(AccessEventJson.line(event));
      assertThat(event.summary().codePoints())
          .as("seed %d", seed)
          .allMatch(c -> !EventText.isObeyed(c));
    }
  }

  private static AccessEvent asked(String path) {
    return FakeEvents.with(ADMITTED, new Request(null, Protocol.TCP, "GET", path, null));
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(20) == 0 ? 5000 : 30); i > 0; i--) {
      text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65536)));
    }
    return text.toString();
  }
}
