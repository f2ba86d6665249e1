// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.k8s.ScriptedServer;
import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.LiveObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A list")
class ResourceTest {
  private static final int LARGE = 1_000_000;
  private static final int PODS = 30;
  private static final Pattern PAGE =
      Pattern.compile("(continue=(?<from>\\d+)&)?limit=(?<limit>\\d+)");

  /** Pages of pods of a size, or all of them at once where no limit is asked for. */
  private static String page(String asked, int size) {
    Matcher page = PAGE.matcher(asked);
    boolean paged = page.find();
    int from = paged && page.group("from") != null ? Integer.parseInt(page.group("from")) : 0;
    int most = size > LARGE ? 1 : PODS;
    int to = Math.min(most, from + (paged ? Integer.parseInt(page.group("limit")) : PODS));
    String items =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    "{\"metadata\": {\"namespace\": \"shop\", \"name\": \"p%d\"}, \"x\": \"%s\"}"
                        .formatted(i, "x".repeat(size)))
            .collect(Collectors.joining(","));
    return "{\"metadata\": {\"resourceVersion\": \"7\", \"continue\": \"%s\"}, \"items\": [%s]}"
        .formatted(to < most ? Integer.toString(to) : "", items);
  }

  private static List<String> listed(Resource resource, ScriptedServer server) throws Exception {
    var paths = new ArrayList<String>();
    resource.list(new ApiServer(server.client()), json -> paths.add(LiveObjects.pathOf(json)));
    return paths;
  }

  @Test
  void isOnePageWhereThatIsSmall() throws Exception {
    try (var server = ScriptedServer.answering(asked -> page(asked, 10))) {
      assertThat(listed(Resource.of(LiveKind.POD), server)).hasSize(PODS).doesNotHaveDuplicates();
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void comesInSmallerPagesWhereObjectsAreLarge() throws Exception {
    try (var server = ScriptedServer.answering(asked -> page(asked, LARGE))) {
      assertThat(listed(Resource.of(LiveKind.POD), server)).hasSize(PODS).doesNotHaveDuplicates();
      assertThat(server.asked()).hasSizeGreaterThan(PODS / 8);
    }
  }

  @Test
  void comesInPagesAlsoFromMemoryWhereItIsLarge() throws Exception {
    try (var server = ScriptedServer.answering(asked -> page(asked, LARGE))) {
      assertThat(listed(Resource.of(LiveKind.POD).fromMemory(), server))
          .hasSize(PODS)
          .doesNotHaveDuplicates();
      assertThat(server.asked().get(0)).contains("resourceVersion=0");
      assertThat(server.asked()).hasSizeGreaterThan(PODS / 8);
    }
  }

  @Test
  void failsWhereOneObjectIsTooLargeForAnyServer() throws Exception {
    try (var server = ScriptedServer.answering(asked -> page(asked, 17 << 20))) {
      assertThatThrownBy(() -> listed(Resource.of(LiveKind.POD), server))
          .isInstanceOf(ApiFault.class)
          .hasMessageContaining("too large");
    }
  }
}
