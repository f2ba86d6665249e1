// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObjects;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.policy.PodFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server sends, also what its users can make it send. */
class JsonTest {
  private static final String GOOD = pod("web-2", "\"x\": 1");

  @Test
  void aNameOfAMillionCharactersKeepsNothingFromBeingRead() throws Exception {
    assertThat(pods("\"" + "k".repeat(1_000_000) + "\": \"v\"")).containsExactly("web-1", "web-2");
  }

  @Test
  void aTextOfThirtyMegabytesKeepsNothingFromBeingRead() throws Exception {
    assertThat(pods("\"k\": \"" + "v".repeat(30 << 20) + "\"")).containsExactly("web-1", "web-2");
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 1_001, 200_000})
  void deepNestingKeepsNothingFromBeingRead(int levels) throws Exception {
    assertThat(pods("\"k\": " + "[".repeat(levels) + "]".repeat(levels)))
        .containsExactly("web-1", "web-2");
    assertThat(pods("\"k\": " + "{\"k\":".repeat(levels) + "1" + "}".repeat(levels)))
        .containsExactly("web-1", "web-2");
  }

  @Test
  void aNumberOfAMillionDigitsKeepsNothingFromBeingRead() throws Exception {
    assertThat(pods("\"k\": 1" + "0".repeat(1_000_000))).containsExactly("web-1", "web-2");
    assertThat(pods("\"k\": 1." + "0".repeat(1_000_000))).containsExactly("web-1", "web-2");
    assertThat(pods("\"k\": 1e999999999")).containsExactly("web-1", "web-2");
  }

  @Test
  void whatIsLeftOutWhereItMattersIsADoubtAboutThatObjectAlone() throws Exception {
    String deep = "\"spec\": " + "[".repeat(200_000) + "]".repeat(200_000);
    List<LiveObject<PodFacts>> mapped = new ArrayList<>();
    var objects = new LiveObjects(Loopback.values()[0]);

    Json.page(list(pod("web-1", deep)), json -> mapped.add(objects.pod(json)));

    assertThat(mapped.get(0).facts()).isNull();
    assertThat(mapped.get(1).path()).isEqualTo("shop/web-2");
  }

  @Test
  void valuesAreReadAsTheyAre() throws Exception {
    assertThat(
            Json.object(
                "{\"a\":[1,2.5,-3000000000,true,null,\"t\"],\"b\":{},\"a2\":{\"c\":[]}}"
                    .getBytes(UTF_8)))
        .containsEntry("a", Arrays.asList(1, 2.5, -3000000000L, true, null, "t"))
        .containsEntry("b", Map.of())
        .containsEntry("a2", Map.of("c", List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{", "{\"a\":", "{\"a\":[", "{\"a\":[1", "{\"a\":1", "<"})
  void whatIsNoObjectIsAFault(String text) {
    assertThatThrownBy(() -> Json.object(text.getBytes(UTF_8))).isInstanceOf(ApiFault.class);
  }

  @Test
  void bytesThatAreChangedAtRandomAreReadOrAFault() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("JsonTest: -Dseed=" + seed);
    var random = new Random(seed);
    byte[] good = list(GOOD);
    var outcomes = new HashMap<Boolean, Integer>();
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      outcomes.merge(isRead(changed), 1, Integer::sum);
    }
    assertThat(outcomes).containsKeys(true, false);
  }

  private static boolean isRead(byte[] text) {
    try {
      Json.page(text, each -> {});
      return true;
    } catch (ApiFault expected) {
      return false;
    }
  }

  private static List<String> pods(String field) throws ApiFault {
    List<String> names = new ArrayList<>();
    Json.page(
        list(pod("web-1", field)),
        json -> names.add(Json.text(Json.part(json, "metadata"), "name")));
    return names;
  }

  private static byte[] list(String first) {
    return ("{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": [" + first + "," + GOOD + "]}")
        .getBytes(UTF_8);
  }

  private static String pod(String name, String field) {
    return "{\"metadata\": {\"name\": \"" + name + "\", \"namespace\": \"shop\"}, " + field + "}";
  }
}
