// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.CachingMetadataReaderFactory;

/** Whatever the starter makes, an application can make instead. */
class EveryBeanGivesWayTest {
  @Test
  void eachBeanIsMadeOnlyWhereTheApplicationHasNone() throws IOException {
    List<MethodMetadata> beans = beans();
    assertThat(beans).hasSizeGreaterThan(20);
    assertThat(beans)
        .allMatch(method -> method.isAnnotated(ConditionalOnMissingBean.class.getName()));
  }

  private static List<MethodMetadata> beans() throws IOException {
    var classes = new CachingMetadataReaderFactory();
    List<MethodMetadata> beans = new ArrayList<>();
    for (var file :
        new PathMatchingResourcePatternResolver()
            .getResources("classpath*:dev/serviceidentity/spring/**/*.class")) {
      if (!file.getURL().getPath().contains("/test-classes/")) {
        var found = classes.getMetadataReader(file).getAnnotationMetadata();
        beans.addAll(found.getAnnotatedMethods(Bean.class.getName()));
      }
    }
    return beans;
  }
}
